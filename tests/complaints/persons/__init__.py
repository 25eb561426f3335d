"""Tests of complaints: persons."""

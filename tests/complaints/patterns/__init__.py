"""Tests of complaints: patterns."""

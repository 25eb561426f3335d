"""Tests of complaints: suppression."""

"""Tests of complaints: silences."""

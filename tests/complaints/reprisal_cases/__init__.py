"""Tests of complaints: reprisal cases."""

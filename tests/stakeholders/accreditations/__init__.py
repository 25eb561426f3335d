"""Tests of accreditations."""

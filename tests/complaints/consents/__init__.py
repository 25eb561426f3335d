"""Tests of complaints: consents."""

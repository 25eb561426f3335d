"""Tests of priorities."""

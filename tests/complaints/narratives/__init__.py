"""Tests of sealed texts."""

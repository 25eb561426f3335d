"""Tests of another body's handling."""

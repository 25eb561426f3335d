"""Tests of inside statistics."""

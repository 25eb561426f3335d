"""Tests of decision matrix."""

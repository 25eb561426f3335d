"""Tests of recommendations: extension requests."""

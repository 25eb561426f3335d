"""Tests of recommendations: responses."""

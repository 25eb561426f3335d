"""Tests of recommendations: recommendations."""

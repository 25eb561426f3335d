"""Tests of recommendations: assessments."""

"""Tests of recommendations: escalations."""

"""Tests of recommendations: dashboards."""

"""Tests of the recommendations service."""

"""Tests of written names and whose they are."""

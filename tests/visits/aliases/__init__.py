"""Tests of the import of written names."""

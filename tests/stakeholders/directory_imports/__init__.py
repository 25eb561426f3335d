"""Tests of lists of institutions from several sources."""

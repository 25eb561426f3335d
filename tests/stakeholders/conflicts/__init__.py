"""Tests of conflicts."""

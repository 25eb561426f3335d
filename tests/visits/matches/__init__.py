"""Tests of the rows of imports that wait for a decision."""

"""Tests of access incidents."""

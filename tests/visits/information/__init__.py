"""Tests of information on places."""

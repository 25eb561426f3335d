"""Tests of complaints: non implementation."""

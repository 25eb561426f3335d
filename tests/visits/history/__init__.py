"""Tests of visits made before this system."""

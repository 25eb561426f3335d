"""Complaints handed on to other bodies, and the test of how those work."""

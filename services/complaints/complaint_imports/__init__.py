"""Complaints of former years, brought in from a file: without identities and narratives."""

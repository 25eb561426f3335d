"""Findings: what a team saw and heard, and what it concludes from it."""

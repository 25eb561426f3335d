"""Engagements: every interaction with authorities and others, and what came of it."""

"""Briefings: what to know before a meeting, put together from the services at that moment."""

"""Memoranda of understanding."""

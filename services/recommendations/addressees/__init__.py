"""Addressees: who is asked for an answer, until when, and how that date came about."""

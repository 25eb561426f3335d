"""Memoranda of understanding: under what terms a partner and the NPM work together."""

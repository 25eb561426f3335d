"""Mapping: how influential and how open the NPM finds each institution. Never for the eyes of the institution."""

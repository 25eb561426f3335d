"""Decisions about matches: what a person has found a row of an import to be."""

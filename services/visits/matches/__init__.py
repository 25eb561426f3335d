"""Matches: rows of an import that a person has to decide, each with the places that may be meant."""

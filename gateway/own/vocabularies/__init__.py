"""Vocabularies: every enumeration with its labels."""

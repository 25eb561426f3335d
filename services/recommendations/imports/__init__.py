"""Imported history: recommendations with their addressees and answers from an older register."""

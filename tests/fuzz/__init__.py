"""Fuzz: requests made up from the committed documents, sent through the real door, each answer judged."""

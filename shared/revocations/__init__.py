"""Ended access: the rules of the one list, each component's own copy of it, and what ends with it."""

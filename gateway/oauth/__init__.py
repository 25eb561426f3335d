"""Tokens for machines: the token endpoint, revocation by a client itself, and what tells clients about both."""

"""Experts' comments on drafts: the invitation, the comment, and the draft as an invited expert reads it."""

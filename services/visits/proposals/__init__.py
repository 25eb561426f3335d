"""Proposals: reasons to make a visit, waiting for a decision."""

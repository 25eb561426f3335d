"""Remuneration rules of experts: set, and published; no contract without them (R-S64)."""

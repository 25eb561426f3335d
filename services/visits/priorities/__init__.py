"""Priorities: the visit priority score of a place (F1), which advises and never decides."""

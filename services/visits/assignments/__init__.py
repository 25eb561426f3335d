"""Assignments: the part of an external expert in a visit."""

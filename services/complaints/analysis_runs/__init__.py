"""Runs of the formulas over all complaints: patterns, silences, signals of non-implementation."""

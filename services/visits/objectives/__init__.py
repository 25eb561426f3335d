"""Objectives, activities and the risk analysis: the parts of a plan."""

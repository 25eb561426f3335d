"""Rows of lists of institutions that may be one of the directory: a person says which, or that it is none."""

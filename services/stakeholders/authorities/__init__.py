"""Authorities: the directory of institutions, departments, bodies and their contacts."""

"""Accreditations: that authorities know who may come."""

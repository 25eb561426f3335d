"""People of institutions."""

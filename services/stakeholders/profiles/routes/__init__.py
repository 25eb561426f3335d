"""The routes of an institution's own entry, one module for each audience."""

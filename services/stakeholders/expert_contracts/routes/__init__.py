"""The routes of experts' contracts, one module for each audience."""

"""Patterns of complaints."""

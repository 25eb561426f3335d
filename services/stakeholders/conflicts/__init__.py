"""Conflicts: conflicts of interest of everybody who works for the NPM."""

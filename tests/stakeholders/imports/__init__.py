"""Imports of institutions, people and history."""

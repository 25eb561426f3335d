"""Suspicious silence."""

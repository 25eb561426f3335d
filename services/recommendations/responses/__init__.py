"""Addressees and the versions of their answers."""

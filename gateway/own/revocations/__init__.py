"""Ending access before its tokens end: one list for the gateway and all services."""

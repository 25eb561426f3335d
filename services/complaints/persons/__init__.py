"""The identity vault."""

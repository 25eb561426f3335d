"""The implementation dashboard."""

"""The signal that complaints speak against implementation."""

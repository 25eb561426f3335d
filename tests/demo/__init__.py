"""The made-up country: that it holds what the story needs, and that it goes into an empty system."""

"""The demonstration: a made-up country, and how it comes into an empty system. Never run on a system in use."""

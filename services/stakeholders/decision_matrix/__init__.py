"""Decision matrix: who decides on what."""

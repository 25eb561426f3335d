"""Aliases: other names of places, taken in from lists of how names are written elsewhere."""

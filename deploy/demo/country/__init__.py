"""A made-up small country with its places, institutions, people and history. Nothing here is real, and no row is."""

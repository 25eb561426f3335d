"""The daily run that tells which deadlines have passed; a person orders it."""

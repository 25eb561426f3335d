"""Bringing other people's files in: read strictly, mapped by declaration, staged, taken by a feature, reported row by row."""

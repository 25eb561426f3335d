"""Reads other people's files by declarative mappings and sends their rows to the API. It never touches a database."""

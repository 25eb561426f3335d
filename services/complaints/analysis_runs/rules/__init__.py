"""The rules of a run: one pass over all incidents and places. Pure: no database, no HTTP, no clock."""

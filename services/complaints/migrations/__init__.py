"""The migrations of the complaints service, one history."""

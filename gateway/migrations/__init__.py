"""The migrations of the visits service, one history."""

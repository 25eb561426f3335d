"""The migrations of the recommendations service, one history."""

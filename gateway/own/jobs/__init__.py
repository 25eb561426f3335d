"""The background work of all services in one picture: what waits, what runs, what failed."""

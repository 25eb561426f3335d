"""What runs the system: the command, embedded PostgreSQL, the demo country, mappings, container files."""

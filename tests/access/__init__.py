"""Access, generated from the access tables: through the gateway, at the service, and in PostgreSQL."""

"""The access matrix: operation × persona × whose thing, at the gateway, at the services and in PostgreSQL."""

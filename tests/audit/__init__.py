"""The journal as it is read: rules, rows in PostgreSQL, and pages through the gateway."""

"""Machine clients: the registry, the token endpoint, signing keys, and what a client can and cannot do with a token."""

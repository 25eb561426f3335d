"""A machine's own keys: it adds one that is to follow another, and retires the former; nobody else does it for it here."""

"""Access incidents: refused, delayed or limited access to places and people."""

"""The gateway: its edge, tokens, documents and pages."""

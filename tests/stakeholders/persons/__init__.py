"""The NPM's own people."""

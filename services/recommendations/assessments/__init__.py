"""The NPM's own findings on implementation."""

"""Profiles: what an authority or a partner sees of its own entry in the directory."""

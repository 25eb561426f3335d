"""Dialogue: how the relation with an authority stands."""

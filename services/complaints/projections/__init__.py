"""What the other services say of places, bodies, people and recommendations, kept for matching, names and formulas."""

"""Information: what civil society, bodies and the media tell about a place, weighed before it counts."""

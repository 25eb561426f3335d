"""Small counts and what may be shown of them."""

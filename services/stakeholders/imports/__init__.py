"""What every import of this service shares: rows sorted out, compared, kept once, and reported."""

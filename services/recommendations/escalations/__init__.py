"""Steps on the ladder when dialogue stalls."""

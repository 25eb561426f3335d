"""External visits: visits of other bodies to places, and the check for reprisals after them."""

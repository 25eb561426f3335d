"""What partner bodies send in."""

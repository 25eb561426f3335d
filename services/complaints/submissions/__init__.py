"""What partner systems send in: the one door through which complaints come from outside."""

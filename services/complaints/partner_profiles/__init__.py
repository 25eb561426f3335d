"""What was agreed with a partner about its codes: themes and places."""

"""What institutions see of themselves."""

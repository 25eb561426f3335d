"""What goes in and out about corrections, one module for each audience. No model here is a table."""

"""What goes in and out about comments, one module for each audience. No model here is a table."""

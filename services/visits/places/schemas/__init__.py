"""What goes in and out about places, one module for each audience. No model here is a table."""

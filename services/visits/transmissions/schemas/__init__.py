"""What goes in and out about transmissions, one module for each audience. No model here is a table."""

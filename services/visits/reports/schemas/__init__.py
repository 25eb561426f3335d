"""What goes in and out about reports, one module for each audience. No model here is a table."""

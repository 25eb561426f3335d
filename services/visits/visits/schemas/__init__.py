"""What goes in and out about visits, one module for each audience. No model here is a table."""

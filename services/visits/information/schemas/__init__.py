"""What goes in and out about information on places, one module for each audience. No model here is a table."""

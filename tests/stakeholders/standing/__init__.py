"""Standing of experts, told to the inside."""

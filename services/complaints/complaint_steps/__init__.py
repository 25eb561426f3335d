"""The steps of a complaint: its machine with the guards of each step."""

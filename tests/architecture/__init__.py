"""Checks of how the code is built: what a machine can judge about the house's style."""

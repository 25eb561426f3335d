"""The gateway: the only door of the system."""

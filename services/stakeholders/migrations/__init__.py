"""The migrations of the stakeholders service, one history."""

"""The four independent services. None imports another."""

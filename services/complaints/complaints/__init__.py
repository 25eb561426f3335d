"""Complaints: requests about treatment, conditions or another situation in detention."""

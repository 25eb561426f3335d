"""Visits: planning, preparing, making and closing a visit to places of detention."""

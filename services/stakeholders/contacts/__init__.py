"""Contacts: the people of an institution, and what it has designated them for."""

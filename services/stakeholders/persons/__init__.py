"""Persons: members, staff, secondees and external experts of the NPM. Never a person held or a complainant."""

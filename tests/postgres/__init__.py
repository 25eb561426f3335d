"""Embedded PostgreSQL: real servers, real kills."""

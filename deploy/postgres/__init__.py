"""Embedded PostgreSQL: its binaries, one cluster supervised as a child, its roles and databases.

It must never open a network port, run the server as root, or touch a process that is not its own.
"""

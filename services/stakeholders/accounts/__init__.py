"""Accounts: which login at which provider is whose, with which roles. Thin: no password, no session, no name."""

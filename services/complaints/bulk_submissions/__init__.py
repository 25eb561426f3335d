"""Many submissions of a partner at once: the same rules as for one, a thousand lines to a transaction."""

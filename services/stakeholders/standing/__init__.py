"""Standing: whether an expert may work for the NPM now, and what the expert is kept out of. Asked on every request."""

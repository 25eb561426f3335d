"""Hard knocks: real processes, killed and starved, and what they must not lose. Figures of the issue are the defaults."""

"""Open data: what anybody may take, and how much of it there is."""

"""Protection of those who talked to the NPM."""

"""Machine clients: systems of partners, authorities and the NPM itself that get tokens from us, and the keys they prove themselves with."""

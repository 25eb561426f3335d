"""Do no harm, shown from outside: what is secret is nowhere, what is hidden is absent, and nothing moves by it."""

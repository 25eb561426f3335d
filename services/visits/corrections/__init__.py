"""Factual corrections: what an authority proposes for a fact of a draft, and what the NPM decides."""

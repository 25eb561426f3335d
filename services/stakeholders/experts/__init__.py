"""Experts: the external experts of the NPM, from candidate to accredited."""

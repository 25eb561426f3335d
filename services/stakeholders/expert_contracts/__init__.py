"""Contracts of experts: their versions for the NPM, the own one for the expert, and engagements as imported history."""

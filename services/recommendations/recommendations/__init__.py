"""Recommendations: what the NPM asks for."""

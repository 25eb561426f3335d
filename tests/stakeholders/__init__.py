"""Tests of the stakeholders service."""

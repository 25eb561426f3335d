"""Frozen versions of reports: drafts that go to authorities for their facts, and final reports."""

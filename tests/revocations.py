"""The list of revocations for tests that put one part together without the gateway."""

from shared.revocations.copies import Revocations


def nobody_revoked() -> Revocations:
    """Give a copy of an empty list that is confirmed for good: its clock stands still."""
    copy = Revocations(clock=lambda: 0.0)
    copy.confirm(0.0)
    return copy

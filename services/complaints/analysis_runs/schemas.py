"""What is shown of a run: how much it looked at, and how much it found."""

from uuid import UUID

from shared.schemas import Day, Shown


class AnalysisRun(Shown):
    """A run of the formulas F2, F3 and F4."""

    id: UUID
    as_of: Day
    places: int
    incidents: int | None
    """Null where few are hidden from you."""
    patterns: int
    """Patterns that stand after it."""
    silences: int
    """Silences that stand after it."""
    signals_changed: int
    """Recommendations whose signal of non-implementation changed."""

"""What a run over the deadlines reports."""

from shared.schemas import Day, Shown


class DeadlineRun(Shown):
    """What was told in this run; what was told before is not told again."""

    as_of: Day
    overdue: int
    due_soon: int
    follow_up_due: int

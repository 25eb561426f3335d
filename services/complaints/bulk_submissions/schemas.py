"""What a partner is told of a body of many submissions: how many are in, and what is wrong with which line."""

from shared.schemas import Shown


class BulkProblem(Shown):
    """A line that was not taken."""

    line: int
    external_id: str | None
    field: str
    code: str
    detail: str


class BulkReceipt(Shown):
    """What became of the lines."""

    lines: int
    created: int
    unchanged: int
    problems: list[BulkProblem]

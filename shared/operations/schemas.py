"""What people see of their operations and of the background work. The same shape for every audience."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from shared.operations.rules import OperationAction, OperationState
from shared.paging import Paging
from shared.schemas import Day, Sent, Shown

Kind = Annotated[str, Field(max_length=100, pattern=r"^[a-z][a-z0-9_]*$")]


class OperationProgress(Shown):
    """How far an operation has come."""

    done: int
    total: int | None
    """Null while nobody knows."""


class OperationProblem(Shown):
    """Why an operation failed: a problem document without the request it came from."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, str]]


class Operation(Shown):
    """Something that takes longer than a request."""

    id: UUID
    kind: str
    """What was ordered, such as `import_places`."""
    state: OperationState
    progress: OperationProgress
    result: dict[str, Any] | None
    """What came of it; null until it is done. Its members depend on the kind."""
    problem: OperationProblem | None
    created_at: datetime
    finished_at: datetime | None
    expires_on: Day
    """From the day after this date on it is forgotten; what it did stays."""
    allowed_actions: list[OperationAction]


class OperationPage(Shown):
    """A page of operations, the latest first."""

    items: list[Operation]
    next_cursor: str | None
    count: int | None = None


class OperationTransition(Sent):
    """What to do with an operation."""

    action: Literal[OperationAction.CANCEL]
    """What was written before stays; nothing more is written."""


class OperationFilters(Paging):
    """How to narrow operations."""

    state: Annotated[list[OperationState], Field(max_length=5)] | None = None
    """Any of these states."""
    kind: Annotated[list[Kind], Field(max_length=20)] | None = None
    """Any of these kinds."""


class OperationPosition(OperationFilters):
    """How the gateway reads one service's share of a page."""

    before: datetime | None = None
    """Ordered before this instant …"""
    before_id: UUID = UUID(int=0)
    """… or at it, with a lower id."""


class JobFailure(Shown):
    """One failure of the last days."""

    at: datetime
    problem_code: str


class JobKind(Shown):
    """How one kind of background work stands."""

    kind: str
    waiting: int
    running: int
    failed: int
    """Failures that are not yet forgotten."""
    oldest_waiting_seconds: int | None
    last_failures: list[JobFailure]


class ServiceJobs(Shown):
    """The background work of one service."""

    kinds: list[JobKind]

"""What is told and shown of another body's handling, and how lists are narrowed by it."""

from typing import Annotated

from pydantic import Field

from services.complaints.other_bodies.rules import OtherBodyStatus
from shared.paging import Paging
from shared.schemas import Code, Day, Sent, Shown, Whole


class OtherBodySent(Sent):
    """How the matter stands with you or another body."""

    reference: Code | None = None
    """Its file number."""
    level: Code | None = None
    """The level of appeal."""
    received_on: Day | None = None
    """When it was received."""
    due_on: Day | None = None
    """When an answer is due."""
    extended: bool = False
    """Whether that was extended."""
    answered_on: Day | None = None
    """When it was answered."""
    status: OtherBodyStatus
    """How it stands."""
    status_reasons: Annotated[list[Code], Field(max_length=20)] = []
    """Your own reason codes."""
    earlier_submissions: Annotated[int, Field(ge=0, le=1000), Whole] = 0
    """How often it was submitted before."""


class OtherBodyShown(Shown):
    """How the matter stands at the other body, as that body says."""

    reference: str | None
    level: str | None
    received_on: Day | None
    due_on: Day | None
    extended: bool
    answered_on: Day | None
    status: OtherBodyStatus
    status_reasons: list[str]
    earlier_submissions: int


class OtherBodyFilters(Paging):
    """How to narrow a list by another body's handling."""

    other_body_level: Annotated[list[Code], Field(max_length=20)] | None = None
    """At any of these levels of appeal, in the other body's words."""
    other_body_status: Annotated[list[OtherBodyStatus], Field(max_length=6)] | None = None
    """Standing in any of these ways at the other body."""
    is_other_body_timely: bool | None = None
    """True: answered by its day; false: answered late. What has no answer or no day is in neither."""
    is_other_body_overdue: bool | None = None
    """True: the other body owes an answer and its day has passed."""

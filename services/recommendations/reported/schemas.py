"""What an import sends and the NPM sees of a reported outcome and of addressees as a source writes them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.recommendations.reported.rules import ReportedStatus
from shared.schemas import Day, Name, Reference, Sent, Shown, Whole

WrittenName = Name
#: As many addressees as one recommendation of a source may have.
WrittenNames = Annotated[list[WrittenName], Field(max_length=100)]


class ReportedOutcomeSent(Sent):
    """What a source tells of the whole recommendation: counts without the answers themselves."""

    replies_count: Annotated[int, Field(ge=0, le=10_000), Whole]
    """How many replies were counted; nobody knows whose."""
    as_of: Day
    """On which day."""
    answer_days: Annotated[int, Field(ge=1, le=3_650), Whole] | None = None
    """How many calendar days there were to answer, from the day of sending, by the source's own calendar."""


class ReportedOutcomeShown(Shown):
    """What a source tells of the whole recommendation, and what it comes to; computed at reading, for the day of the count."""

    replies_count: int
    as_of: Day
    answer_days: int | None
    due_on: Day | None
    status: ReportedStatus
    """Addressees counted as often as they are written."""
    status_if_merged: ReportedStatus
    """The same with an addressee that is written several times counted once."""
    days_overdue: int | None


class WrittenAddressee(Shown):
    """An addressee as the source writes it, with the authority behind the name once that is known.

    It is owed no answer here and opens nothing to the authority; who is to answer is added as an addressee.
    """

    name: str
    authority: Reference | None


class WrittenAddresseeBrief(Shown):
    """An addressee as the source writes it, in a list."""

    name: str
    authority_id: UUID | None


class RecommendationSource(Shown):
    """Where an imported recommendation comes from."""

    source: str
    row: str

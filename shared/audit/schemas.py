"""The journal as it goes out to those who watch over the processing, and how they narrow it."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field

from shared.audit.rules import JournalKind
from shared.paging import Paging
from shared.schemas import Day, Shown

JournalService = Literal["visits", "recommendations", "complaints", "stakeholders", "gateway"]
ActorClass = Literal["npm", "expert", "authority", "partner", "public", "service", "worker"]
Action = Annotated[str, Field(max_length=100, pattern=r"^[a-z_]+(\.[a-z_]+){1,3}$")]
Name = Annotated[str, Field(max_length=300, pattern=r"^[A-Za-z0-9._:@|/-]+$")]


_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


def _iso_instant(value: object) -> object:
    """Take an instant as RFC 3339 writes it and nothing else: a number would count as seconds since 1970."""
    if isinstance(value, str) and not _INSTANT.fullmatch(value):
        raise ValueError("write an instant with its time zone, as 2026-11-22T06:00:00Z")
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_iso_instant)]


class JournalActor(Shown):
    """Who did it, as the token said."""

    subject: str
    """The subject of the token; of machines the client; empty where nobody had one."""
    person_id: str
    """The person behind the account; of machines, and of ourselves, the subject."""
    client_id: str
    """The front end or machine client that the token was for; empty for our own work."""
    audience_class: ActorClass
    """As what: `worker` and `service` are the system itself."""


class JournalRow(Shown):
    """One thing that was done, read or refused."""

    id: UUID
    service: JournalService
    """Whose journal it stands in."""
    kind: JournalKind
    action: str
    """What happened, in the past tense: `complaints.person_record.revealed`, `access.denied`."""
    operation: str
    """The operation by which it happened, as `/docs/access` names it with its class; of ourselves, the name of the work."""
    recorded_at: datetime
    """When it was noted, by the clock of the database."""
    occurred_on: Day
    """The day in the institution's time zone."""
    actor: JournalActor
    subject_id: str | None
    """What it is about; null where it is about nothing in particular."""
    is_subject_hashed: bool
    """Whether `subject_id` is a pseudonym or a keyed hash. A pseudonym is the same in every row and can be used as a filter."""
    confidentiality: str
    """PUB, AUT, INT or RES."""
    facts: dict[str, Any]
    """Coded facts of the act, such as `purpose`, `status`, `format`, `filters` or `case_id`; never a text, never a name."""


class JournalPage(Shown):
    """A page of the journal, the newest first."""

    items: list[JournalRow]
    next_cursor: str | None
    count: int | None = None


class JournalNarrowing(Paging):
    """How to narrow one journal."""

    action: Annotated[list[Action], Field(max_length=20)] | None = None
    """Any of these actions, each in full."""
    kind: (
        Annotated[
            list[Literal[JournalKind.REFUSAL, JournalKind.REVEAL, JournalKind.RESTRICTED_READ, JournalKind.EXPORT]],
            Field(max_length=4),
        ]
        | None
    ) = None
    """Any of these kinds; `refusal` gives what was denied, and nothing else."""
    subject_id: Name | None = None
    """What the rows are about, as a row shows it: an id, or a pseudonym."""
    person_id: Name | None = None
    """Who did it: the person, or of machines the client."""
    audience_class: Annotated[list[ActorClass], Field(max_length=7)] | None = None
    """Did it as any of these."""
    recorded_from: Instant | None = None
    """Noted at this instant or later."""
    recorded_to: Instant | None = None
    """Noted at this instant or earlier."""


class JournalFilters(JournalNarrowing):
    """How to narrow the journal."""

    service: Annotated[list[JournalService], Field(max_length=5)] | None = None
    """In the journals of any of these."""


class JournalPosition(JournalNarrowing):
    """How the gateway reads one service's share of a page."""

    before: AwareDatetime | None = None
    """Noted before this instant …"""
    before_id: UUID = UUID(int=0)
    """… or at it, with a lower id."""

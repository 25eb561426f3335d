"""What each source says of an institution: one row for each row of a source, kept as it was said.

A row that nobody could recognise waits here as a match, without an institution.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from services.stakeholders.database import Base
from shared.protection import (
    EVERYTHING,
    EXCLUDED_AUTHORITIES,
    READ_AND_WRITE,
    Protection,
    apart_from,
    institution,
    is_excluded_authority,
)
from shared.records import json_column

#: State of a row about which nothing had to be asked.
CLEAR = "clear"


class AuthorityEntry(Base, table=True):
    """One row of one list of institutions. No outer audience reads it."""

    __tablename__ = "authority_entry"
    __table_args__ = (
        UniqueConstraint("source", "source_row"),
        Index("ix_authority_entry_state_source", "state", "source"),
        Index("ix_authority_entry_folded_id", "folded", "id"),
    )

    source: str
    source_row: str
    mapping: str
    name: str
    folded: str
    site: str
    rank: int
    said: dict[str, Any] = json_column(default=dict)
    note: dict[str, Any] = json_column(default=dict)
    #: The institutions behind the parents that the row names, as far as they are known.
    parent_ids: list[str] = json_column()
    stakeholder_id: UUID | None = Field(default=None, index=True)
    state: str
    reason: str = ""
    candidate_ids: list[str] = json_column()
    decided_by: str | None = None
    decided_on: date | None = None


_CONCERNS = (
    f"{is_excluded_authority('stakeholder_id')} OR authority_entry.candidate_ids ?| {EXCLUDED_AUTHORITIES} "
    f"OR authority_entry.parent_ids ?| {EXCLUDED_AUTHORITIES}"
)

PROTECTIONS = (
    Protection(
        table="authority_entry",
        policies={"npm": (institution(), apart_from(_CONCERNS))},
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
)

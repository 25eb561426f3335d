"""What the runs found, cell by cell, and what a person says of it. Aggregates: no complaint, no person."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.complaints.database import Base
from shared.protection import EVERYTHING, Grant, Protection, apart_from, institution, is_excluded_authority, is_unseen


class Pattern(Base, table=True):
    """A pattern. A table: its own state and list."""

    __tablename__ = "pattern"
    __table_args__ = (Index("ix_pattern_key", "key"), Index("ix_pattern_last_found_on_id", "last_found_on", "id"))

    key: str
    state: str
    kind: str
    cell_kind: str | None = None
    theme: str | None = None
    place_id: UUID | None = None
    place_type: str | None = None
    region: str | None = None
    authority_id: UUID | None = None
    run_id: UUID
    first_found_on: date
    last_found_on: date
    n: int
    baseline: int
    expected: float
    ratio: float
    p: float
    q: float
    level: str
    sources: int
    direction: str
    sentence: str = Field(default="")
    review: str = Field(default="")


#: One without a place counts complaints of all places.
_CONCERNS = f"place_id IS NULL OR ({is_unseen('place_id', 'known_place')}) OR {is_excluded_authority('authority_id')}"

PROTECTIONS = (
    Protection(
        table="pattern",
        policies={"npm": (institution(), apart_from(_CONCERNS))},
        grants={
            "npm": Grant(select="*", update=("state", "review", "updated_at", "updated_by", "version")),
            "worker": EVERYTHING,
        },
    ),
)

"""Silences that the runs raised, and what a person says of them. Aggregates: no complaint, no person."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.complaints.database import Base
from services.complaints.projections.tables import words
from shared.protection import EVERYTHING, Grant, Protection, apart_from, institution, is_unseen


class Silence(Base, table=True):
    """A silence of one place. A table: its own state and list."""

    __tablename__ = "silence"
    __table_args__ = (Index("ix_silence_place_id", "place_id"), Index("ix_silence_raised_on_id", "raised_on", "id"))

    place_id: UUID
    state: str
    flags: list[str] = words()
    run_id: UUID
    raised_on: date
    last_found_on: date
    explained_on: date | None = None
    q: float
    observed: int
    expected: float
    status: str
    compared_with: str
    is_boosted: bool
    has_no_channel: bool
    sentence: str = Field(default="")
    review: str = Field(default="")


PROTECTIONS = (
    Protection(
        table="silence",
        policies={"npm": (institution(), apart_from(is_unseen("place_id", "known_place")))},
        grants={
            "npm": Grant(select="*", update=("state", "review", "explained_on", "updated_at", "updated_by", "version")),
            "worker": EVERYTHING,
        },
    ),
)

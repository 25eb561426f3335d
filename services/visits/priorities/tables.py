"""Scores of places by day, the runs that made them, and what recommendations contribute."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlmodel import Field

from services.visits.database import Base
from shared.protection import (
    EVERYTHING,
    Grant,
    Protection,
    apart_from,
    institution,
    is_any_unseen,
    is_unseen,
)
from shared.records import json_column


def _list(kind: Any) -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(kind), nullable=False))


class PriorityRun(Base, table=True):
    """One computation of all scores. A table: people order it and read what became of it."""

    __tablename__ = "priority_run"

    as_of: date
    place_count: int
    opened_proposals: int = 0


class PlaceScore(Base, table=True):
    """The score of a place on a day, one row per place and day. A table: its own list. INT, never an authority's."""

    __tablename__ = "place_score"
    __table_args__ = (
        Index("uq_place_score_place_id_scored_on", "place_id", "scored_on", unique=True),
        Index("ix_place_score_run_id_rank", "run_id", "rank"),
    )

    place_id: UUID = Field(foreign_key="place.id")
    run_id: UUID = Field(foreign_key="priority_run.id")
    scored_on: date
    score: Decimal = Field(sa_column=Column(Numeric(6, 3), nullable=False))
    #: 1 is the most urgent; ties are broken as the formula says.
    rank: int
    parts: list[dict[str, Any]] = json_column()
    confidence: float
    data_gaps: list[str] = _list(Text)
    floor_reasons: list[str] = _list(Text)
    inputs: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    months_since_last_visit: float | None = None


class WatchedRecommendation(Base, table=True):
    """A projection of recommendations: what is open, and how it stands; feeds R of the score."""

    __tablename__ = "watched_recommendation"

    code: str
    status: str
    theme: str
    priority: str
    scope_kind: str
    place_ids: list[UUID] = _list(PgUuid(as_uuid=True))
    place_types: list[str] = _list(Text)
    regions: list[str] = _list(Text)
    implementation_status: str | None = None
    is_claimed_implemented: bool = False
    next_due_on: date | None = None
    overdue_addressee_ids: list[UUID] = _list(PgUuid(as_uuid=True))
    is_contradicted: bool = False


_COMPUTED = Grant(select="*", insert="*", update="*", delete=True)

PROTECTIONS = (
    # its counts are over all places: who is kept from one would learn how urgent it is
    Protection(
        table="priority_run",
        policies={"npm": (institution(), apart_from("true"))},
        grants={"npm": _COMPUTED, "worker": EVERYTHING},
    ),
    Protection(
        table="place_score",
        policies={"npm": (institution(), apart_from(is_unseen("place_id", "place")))},
        grants={"npm": _COMPUTED, "worker": EVERYTHING},
    ),
    Protection(
        table="watched_recommendation",
        policies={"npm": (institution(), apart_from(is_any_unseen("watched_recommendation.place_ids", "place")))},
        grants={"npm": Grant(select="*"), "worker": EVERYTHING},
    ),
)

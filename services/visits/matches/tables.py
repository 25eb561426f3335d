"""Questions that imports ask about places, with the places that may be meant."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.visits.database import Base
from shared.protection import EVERYTHING, READ_AND_WRITE, Protection, apart_from, institution, is_unseen
from shared.records import json_column


class PlaceMatch(Base, table=True):
    """A row that a person decides. A table: it has its own state and list. A second run finds it here and asks nothing."""

    __tablename__ = "place_match"
    __table_args__ = (
        Index("uq_place_match_source", "source", "source_row", "kind", unique=True),
        Index("ix_place_match_sort_name_id", "sort_name", "id"),
    )

    kind: str
    state: str
    source: str
    source_row: str
    mapping: str
    name: str
    sort_name: str
    region: str = ""
    reason: str
    #: What the row says, so that a place can be made of it later; nothing else is kept of a row that is no place.
    said: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    #: Other ways of writing the name, which wait with it.
    written_names: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    #: {id, score, why}, the likeliest first.
    candidates: list[dict[str, Any]] = json_column()
    #: The place in doubt (twin); after the decision the place that it came to.
    place_id: UUID | None = Field(default=None, foreign_key="place.id")
    decided_by: str | None = None
    decided_on: date | None = None
    decision_reason: str = ""


#: The place in doubt, or one of those that may be meant.
_CONCERNS = (
    f"{is_unseen('place_match.place_id', 'place')} "  # noqa: S608 - fixed text
    "OR EXISTS (SELECT 1 FROM jsonb_array_elements(place_match.candidates) AS one WHERE NOT EXISTS "
    "(SELECT 1 FROM place seen WHERE seen.id::text = one ->> 'id'))"
)

PROTECTIONS = (
    Protection(
        table="place_match",
        policies={"npm": (institution(), apart_from(_CONCERNS))},
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
)

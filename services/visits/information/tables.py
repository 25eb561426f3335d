"""What others told about places."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.visits.database import Base
from shared.protection import (
    EVERYTHING,
    ORGANISATION,
    READ_AND_WRITE,
    Grant,
    Policy,
    Protection,
    apart_from,
    institution,
    is_unseen,
)

_SENT = (
    "id", "created_at", "created_by", "updated_at", "updated_by", "version", "confidentiality", "origin",
    "place_id", "source_kind", "source_id", "kind", "theme", "text", "severity", "shared_in_confidence", "status", "received_on", "last_reason",
)  # fmt: skip


_PLACE_IS_SEEN = "EXISTS (SELECT 1 FROM place p WHERE p.id = place_id)"


class PlaceInformation(Base, table=True):
    """A piece of information about a place. A table: it has its own state, rights and list."""

    __tablename__ = "place_information"
    __table_args__ = (Index("ix_place_information_place_id", "place_id"),)

    place_id: UUID = Field(foreign_key="place.id")
    source_kind: str
    source_id: UUID | None = None
    kind: str
    theme: str | None = None
    text: str
    status: str
    shared_in_confidence: bool = False
    received_on: date
    reliability: float | None = None
    severity: int | None = None
    valid_until: date | None = None
    last_reason: str = ""


PROTECTIONS = (
    Protection(
        table="place_information",
        policies={
            "npm": (institution(), apart_from(is_unseen("place_id", "place"))),
            "partner": Policy(
                condition="own_submission",
                using=f"source_id = {ORGANISATION}",
                check=f"source_id = {ORGANISATION} AND status = 'received' AND reliability IS NULL AND {_PLACE_IS_SEEN}",
            ),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "partner": Grant(
                select=("id", "created_at", "place_id", "source_id", "kind", "theme", "text", "status", "received_on"),
                insert=_SENT,
            ),
        },
    ),
)

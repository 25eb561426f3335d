"""Refused, delayed or limited access to a place."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.visits.database import Base
from shared.protection import (
    AT_WORK,
    EVERYTHING,
    READ_AND_WRITE,
    Policy,
    Protection,
    apart_from,
    is_excluded_authority,
    is_unseen,
)


class AccessIncident(Base, table=True):
    """An access incident. A table: it has its own state and list, and lifts a score while it is open."""

    __tablename__ = "access_incident"
    __table_args__ = (Index("ix_access_incident_place_id", "place_id"),)

    place_id: UUID = Field(foreign_key="place.id")
    visit_id: UUID | None = Field(default=None, foreign_key="visit.id")
    occurred_on: date
    kind: str
    status: str
    refused_by: str
    authority_id: UUID | None = None
    channel: str = ""
    account: str = ""
    is_serious: bool = False
    opcat_article: str | None = None
    result: str = ""
    ground: str = ""
    retained_channel: str = ""
    last_reason: str = ""


#: One of a visit is seen by those who see the visit.
_SEEN = "visit_id IS NULL OR EXISTS (SELECT 1 FROM visit v WHERE v.id = visit_id)"

PROTECTIONS = (
    Protection(
        table="access_incident",
        policies={
            "npm": (
                Policy(condition="institution", using=f"{AT_WORK} AND ({_SEEN})", check=f"{AT_WORK} AND ({_SEEN})"),
                apart_from(f"{is_unseen('place_id', 'place')} OR {is_excluded_authority('authority_id')}"),
            )
        },
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
)

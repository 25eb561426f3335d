"""Projections of other services: the name behind each id, and the few facts that matching and formulas need."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlmodel import Field

from services.complaints.database import Base
from shared.protection import (
    EVERYTHING,
    EXCLUDED_PLACES,
    Grant,
    Policy,
    Protection,
    apart_from,
    institution,
    is_any_unseen,
    is_excluded_authority,
)


def words() -> Any:
    """Declare a column of codes."""
    return Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))


def ids() -> Any:
    """Declare a column of ids."""
    return Field(default_factory=list, sa_column=Column(ARRAY(PgUuid(as_uuid=True)), nullable=False))


class KnownPlace(Base, table=True):
    """A place of detention, with its names made comparable."""

    __tablename__ = "known_place"
    __table_args__ = (
        Index("ix_known_place_code", "code"),
        Index("ix_known_place_names", "folded_names", postgresql_using="gin"),
    )

    code: str
    name: str
    folded_names: list[str] = words()
    status: str
    place_type: str
    type_group: str
    region: str = ""
    folded_region: str = ""
    operator_id: UUID | None = None
    population: int | None = None
    vulnerable_groups: list[str] = words()
    complaint_channel_quality: str = "unknown"


class KnownStakeholder(Base, table=True):
    """An authority, department or partner body."""

    __tablename__ = "known_stakeholder"

    name: str
    folded_name: str
    kind: str = ""
    category: str = ""


class KnownPerson(Base, table=True):
    """Somebody who works for the NPM: the name behind an assignment. Never a complainant."""

    __tablename__ = "known_person"

    name: str
    kind: str = ""


class WatchedRecommendation(Base, table=True):
    """A transmitted recommendation, for the signal of non-implementation, with what the last run found."""

    __tablename__ = "watched_recommendation"

    code: str
    state: str
    theme: str
    scope_kind: str
    place_ids: list[UUID] = ids()
    place_types: list[str] = words()
    regions: list[str] = words()
    transmitted_on: date
    claimed_on: date | None = None
    level: str = "none"
    count_band: str = ""
    as_of: date | None = None


_IN_USE = "status IN ('in_use', 'closed')"

#: Whether the caller is kept from a place of `known_place`.
IS_EXCLUDED_PLACE = f"id::text = ANY({EXCLUDED_PLACES}) OR {is_excluded_authority('operator_id')}"

PROTECTIONS = (
    Protection(
        table="known_place",
        policies={
            "npm": (institution(), apart_from(IS_EXCLUDED_PLACE)),
            "partner": Policy(condition="published", using=_IN_USE, command="SELECT"),
        },
        grants={
            "npm": Grant(select="*"),
            "worker": EVERYTHING,
            "partner": Grant(select=("id", "code", "name", "folded_names", "folded_region", "status")),
        },
    ),
    Protection(
        table="known_stakeholder",
        policies={
            "npm": (institution(), apart_from(is_excluded_authority("id"))),
            "partner": Policy(condition="published", using="kind IN ('authority', 'department')", command="SELECT"),
        },
        grants={
            "npm": Grant(select="*"),
            "worker": EVERYTHING,
            "partner": Grant(select=("id", "name", "folded_name", "kind")),
        },
    ),
    Protection(
        table="known_person",
        policies={"npm": institution()},
        grants={"npm": Grant(select="*"), "worker": EVERYTHING},
    ),
    Protection(
        table="watched_recommendation",
        policies={"npm": (institution(), apart_from(is_any_unseen("watched_recommendation.place_ids", "known_place")))},
        grants={"npm": Grant(select="*"), "worker": EVERYTHING},
    ),
)

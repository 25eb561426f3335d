"""Projections of the other services: names behind ids, and who is on the team of a visit.

Filled by reactions only; nobody writes here by hand.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import Column, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.recommendations.database import Base
from shared.protection import (
    EVERYTHING,
    EXCLUDED_PLACES,
    EXPERT,
    Grant,
    Policy,
    Protection,
    apart_from,
    institution,
    is_excluded_authority,
)


class KnownStakeholder(Base, table=True):
    """The name behind the id of an authority, a department or another body (from stakeholders)."""

    __tablename__ = "known_stakeholder"

    name: str
    kind: str = ""
    category: str = ""
    #: Name, short name and former names, folded: what a name written in a source is compared with.
    folded_names: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))


class KnownPerson(Base, table=True):
    """The name behind the id of a person of the NPM or an expert (from stakeholders)."""

    __tablename__ = "known_person"

    name: str
    kind: str = ""


class KnownPlace(Base, table=True):
    """The name behind the id of a place (from visits)."""

    __tablename__ = "known_place"

    code: str
    name: str
    status: str = ""
    place_type: str = ""
    region: str = ""
    operator_id: UUID | None = None


class KnownReport(Base, table=True):
    """A report as far as its recommendations depend on it (from visits)."""

    __tablename__ = "known_report"

    code: str
    title: str
    state: str
    published_on: date | None = None


class VisitTeam(Base, table=True):
    """Which expert is on the team of which visit (from visits); lets the expert see that visit's recommendations."""

    __tablename__ = "visit_team"
    __table_args__ = (UniqueConstraint("visit_id", "expert_id"),)

    visit_id: UUID = Field(index=True)
    expert_id: UUID


def _names(table: str, *roles: str, concerns: str = "false") -> Protection:
    """Let the NPM read a projection but for what concerns an excluded authority, and outer audiences names behind ids."""
    return Protection(
        table=table,
        policies={
            "npm": (institution(), apart_from(concerns)),
            **{role: Policy(condition="published", using="true", command="SELECT") for role in roles},
        },
        grants={
            "npm": Grant(select="*"),
            "worker": EVERYTHING,
            **{role: Grant(select=("id", "name")) for role in roles},
        },
    )


_EXCLUDED_PLACE = f"id::text = ANY({EXCLUDED_PLACES}) OR {is_excluded_authority('operator_id')}"

PROTECTIONS = (
    _names("known_stakeholder", "public", "expert", "authority", "partner", concerns=is_excluded_authority("id")),
    _names("known_person"),
    Protection(
        table="known_place",
        policies={
            "npm": (institution(), apart_from(_EXCLUDED_PLACE)),
            **{
                role: Policy(condition="published", using="status IN ('in_use', 'closed')", command="SELECT")
                for role in ("public", "expert", "authority")
            },
        },
        grants={
            "npm": Grant(select="*"),
            "worker": EVERYTHING,
            **{role: Grant(select=("id", "name")) for role in ("public", "expert", "authority")},
        },
    ),
    _names("known_report"),
    Protection(
        table="visit_team",
        policies={
            "npm": institution(),
            "expert": Policy(condition="expert_on_visit", using=f"expert_id = {EXPERT}", command="SELECT"),
        },
        grants={
            "npm": Grant(select="*"),
            "worker": EVERYTHING,
            "expert": Grant(select=("visit_id", "expert_id")),
        },
    ),
)

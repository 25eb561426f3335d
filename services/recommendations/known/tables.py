"""Projections of the other services: names behind ids, and who is on the team of a visit.

Filled by reactions only; nobody writes here by hand.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import Column, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.recommendations.database import Base
from shared.protection import EVERYTHING, EXPERT, Grant, Policy, Protection, institution


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


def _names(table: str, *roles: str, using: str = "true") -> Protection:
    """Let the NPM read a projection whole, and outer audiences the name behind an id that they were shown."""
    return Protection(
        table=table,
        policies={
            "npm": institution(),
            **{role: Policy(condition="published", using=using, command="SELECT") for role in roles},
        },
        grants={
            "npm": Grant(select="*"),
            "worker": EVERYTHING,
            **{role: Grant(select=("id", "name")) for role in roles},
        },
    )


PROTECTIONS = (
    _names("known_stakeholder", "public", "expert", "authority", "partner"),
    _names("known_person"),
    Protection(
        table="known_place",
        policies={
            "npm": institution(),
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

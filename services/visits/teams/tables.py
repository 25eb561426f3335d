"""Roles in visits, and the projections of stakeholders that say who may hold them."""

from datetime import date
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.visits.database import Base
from services.visits.visits.tables import OF_A_VISIBLE_VISIT
from shared.protection import (
    EVERYTHING,
    EXPERT,
    Grant,
    Policy,
    Protection,
    apart_from,
    institution,
    is_excluded_authority,
    is_excluded_matter,
    is_unseen,
)


class VisitRole(Base, table=True):
    """What somebody does for a visit; an expert's is the assignment. A table: its own state and rights."""

    __tablename__ = "visit_role"
    __table_args__ = (
        Index("uq_visit_role_visit_id_person_id_role", "visit_id", "person_id", "role", unique=True),
        Index("ix_visit_role_person_id", "person_id"),
    )

    visit_id: UUID = Field(foreign_key="visit.id")
    person_id: UUID
    role: str
    tasks: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    #: The state of an expert's assignment; nobody else has one.
    assignment_status: str | None = None
    prepared_on: date | None = None
    debriefed_on: date | None = None


class KnownPerson(Base, table=True):
    """A projection of stakeholders: the name and kind behind a person's id, and an expert's standing."""

    __tablename__ = "known_person"

    name: str = ""
    kind: str = ""
    expertise: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    origin_authority_id: UUID | None = None
    standing_from_on: date | None = None
    standing_to_on: date | None = None


class KnownAccreditation(Base, table=True):
    """A projection of stakeholders: for which authority somebody is accredited, and when."""

    __tablename__ = "known_accreditation"
    __table_args__ = (Index("ix_known_accreditation_person_id", "person_id"),)

    person_id: UUID
    authority_id: UUID
    status: str
    from_on: date
    to_on: date


class KnownConflict(Base, table=True):
    """A projection of stakeholders: what a conflict of interest keeps somebody from. Never its story."""

    __tablename__ = "known_conflict"
    __table_args__ = (Index("ix_known_conflict_person_id", "person_id"),)

    person_id: UUID
    target_kind: str
    target_id: UUID | None = None
    effect: str
    is_decided: bool
    is_over: bool = False
    #: Whether it leaves nothing of a visit; worked out by the rules when the event comes in, for the wall.
    shuts_out: bool = True
    from_on: date | None = None
    until_on: date | None = None


_OWN = f"person_id = {EXPERT}"
_OWN_ROLE = f"{_OWN} AND NOT {is_excluded_matter('visit_id')}"
_CONCERNS = (
    f"target_kind = 'authority' AND {is_excluded_authority('target_id')} "
    f"OR target_kind = 'place' AND {is_unseen('target_id', 'place')}"
)

PROTECTIONS = (
    Protection(
        table="visit_role",
        policies={
            "npm": Policy(condition="begun_or_team", using=OF_A_VISIBLE_VISIT, check=OF_A_VISIBLE_VISIT),
            "expert": Policy(condition="expert_on_visit", using=_OWN_ROLE, command="SELECT"),
        },
        grants={
            "npm": Grant(select="*", insert="*", update="*", delete=True),
            "worker": EVERYTHING,
            "expert": Grant(
                select=("visit_id", "person_id", "role", "tasks", "assignment_status", "prepared_on", "debriefed_on")
            ),
        },
    ),
    Protection(
        table="known_person",
        policies={"npm": institution()},
        grants={"npm": Grant(select="*"), "worker": EVERYTHING},
    ),
    Protection(
        table="known_accreditation",
        policies={
            "npm": (institution(), apart_from(is_excluded_authority("authority_id"))),
            "expert": Policy(condition="expert_on_visit", using=_OWN, command="SELECT"),
        },
        grants={
            "npm": Grant(select="*"),
            "worker": EVERYTHING,
            "expert": Grant(select=("person_id", "authority_id", "status", "from_on", "to_on")),
        },
    ),
    Protection(
        table="known_conflict",
        policies={
            "npm": (institution(), apart_from(_CONCERNS)),
            "expert": Policy(condition="expert_on_visit", using=_OWN, command="SELECT"),
        },
        grants={
            "npm": Grant(select="*"),
            "worker": EVERYTHING,
            "expert": Grant(select=("person_id", "target_kind", "target_id", "shuts_out", "from_on", "until_on")),
        },
    ),
)

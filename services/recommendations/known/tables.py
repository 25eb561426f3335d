"""Projections of the other services: names behind ids, and who is on the team of a visit.

Filled by reactions only; nobody writes here by hand.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PgUuid
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
    is_any_excluded_matter,
    is_excluded_authority,
    is_excluded_matter,
)


def _ids() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(PgUuid(as_uuid=True)), nullable=False))


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
    place_ids: list[UUID] = _ids()
    visit_ids: list[UUID] = _ids()


class KnownVisit(Base, table=True):
    """To which places a visit goes (from visits, once it is ready): who is kept from one of them is kept from what came of it."""

    __tablename__ = "known_visit"

    place_ids: list[UUID] = _ids()


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
#: It looks past the policies of the projections, which hide from the caller what it asks about; it tells nothing but this.
_CAME_FROM_EXCLUDED = f"""
CREATE OR REPLACE FUNCTION came_from_excluded(visit_id uuid, report_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT {is_excluded_matter("came_from_excluded.visit_id")} IS TRUE
  OR EXISTS (SELECT 1 FROM known_report r WHERE r.id = came_from_excluded.report_id AND {is_any_excluded_matter("r.visit_ids")})
  OR EXISTS (SELECT 1 FROM (
      SELECT r.place_ids FROM known_report r WHERE r.id = came_from_excluded.report_id
      UNION ALL SELECT v.place_ids FROM known_visit v WHERE v.id = came_from_excluded.visit_id
        OR v.id = ANY(ARRAY(SELECT unnest(r.visit_ids) FROM known_report r WHERE r.id = came_from_excluded.report_id))
    ) AS source JOIN known_place ON known_place.id = ANY(source.place_ids) WHERE {_EXCLUDED_PLACE})
$$"""  # noqa: S608 - fixed text
FUNCTIONS = (
    _CAME_FROM_EXCLUDED,
    "REVOKE EXECUTE ON FUNCTION came_from_excluded(uuid, uuid) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION came_from_excluded(uuid, uuid) TO recommendations_npm, recommendations_expert",
)

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
    _names("known_report", concerns="came_from_excluded(NULL::uuid, known_report.id)"),
    Protection(table="known_visit", grants={"worker": EVERYTHING}),
    Protection(
        table="visit_team",
        policies={
            "expert": Policy(condition="expert_on_visit", using=f"expert_id = {EXPERT}", command="SELECT"),
        },
        grants={
            "worker": EVERYTHING,
            "expert": Grant(select=("visit_id", "expert_id")),
        },
    ),
)

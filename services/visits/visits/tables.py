"""Visits with the places they go to. What is done once per visit is a part of its row, never a table."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.visits.database import Base
from services.visits.places.tables import IS_EXCLUDED
from shared.protection import (
    AT_WORK,
    EVERYTHING,
    EXCLUDED_AUTHORITIES,
    EXCLUDED_PLACES,
    EXPERT,
    PERSON,
    READ_AND_WRITE,
    Grant,
    Policy,
    Protection,
    apart_from,
    for_the_npm_alone,
    has_role,
    is_excluded_matter,
    is_unseen,
)
from shared.records import json_column


def _words() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))


def _days() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(Date), nullable=False))


def _part() -> Any:
    return Field(default=None, sa_column=Column(JSONB(none_as_null=True)))


class Visit(Base, table=True):
    """A visit. A table: it has its own state, rights and list."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_first_on_id", text("coalesce(first_on, 'infinity'::date)"), "id"),
        Index("ix_visit_updated_at_id", "updated_at", "id"),
        Index("uq_visit_source", "source", "source_row", unique=True, postgresql_where="source IS NOT NULL"),
    )

    code: str = Field(unique=True)
    type: str
    purposes: list[str] = _words()
    announcement: str
    status: str
    days: list[date] = _days()
    first_on: date | None = None
    last_on: date | None = None
    justification: str = ""
    activity_id: UUID | None = None
    proposal_id: UUID | None = None
    #: Persons with a role; it stands on the visit itself so that the wall in the database needs no other table.
    team: list[str] = _words()
    begun_on: date | None = None
    completed_on: date | None = None
    preparation: dict[str, Any] | None = _part()
    interview_plan: list[dict[str, Any]] = json_column()
    joint_agreement: dict[str, Any] | None = _part()
    sessions: list[dict[str, Any]] = json_column()
    meetings: list[dict[str, Any]] = json_column()
    debriefing: dict[str, Any] | None = _part()
    #: What became of its report: {published: bool, withheld_reason: text}; kept by the reports of this service.
    report_outcome: dict[str, Any] | None = _part()
    note_to_file: str = ""
    last_reason: str = ""
    source: str | None = None
    source_row: str | None = None
    source_note: dict[str, Any] | None = _part()
    #: Fingerprint of all that an imported row said: a second run compares it and nothing else.
    source_digest: str | None = None


class VisitPlace(Base, table=True):
    """One place of a visit. A table: an authority sees its own place's row from the first day there on."""

    __tablename__ = "visit_place"
    __table_args__ = (
        Index("uq_visit_place_visit_id_place_id", "visit_id", "place_id", unique=True),
        Index("ix_visit_place_place_id", "place_id"),
    )

    visit_id: UUID = Field(foreign_key="visit.id")
    place_id: UUID = Field(foreign_key="place.id")
    #: Its own days, or those of the visit.
    days: list[date] = _days()
    first_on: date | None = None
    last_on: date | None = None
    access: str = "full"
    has_begun: bool = False
    #: How many people were held there, and as what the source wrote place and operator (imported history).
    people_present: int | None = None
    place_name: str | None = None
    operator_name: str | None = None


#: `begun_or_team`: an unannounced visit is secret from everybody without a role in it until it has begun; who proposed
#: one knows of it anyway, until others take it over.
BEGUN_OR_TEAM = (
    f"{AT_WORK} AND (announcement <> 'unannounced' OR begun_on IS NOT NULL OR {has_role('head')} "
    f"OR {PERSON} = ANY(team) OR (status = 'proposed' AND created_by = {PERSON}))"
)
OF_A_VISIBLE_VISIT = "EXISTS (SELECT 1 FROM visit v WHERE v.id = visit_id)"


def own_conflict(*, place: str, operator: str, visit: str) -> str:
    """Write the condition that a conflict of the calling expert is on record here that shuts out, about one of these."""
    return (
        f"EXISTS (SELECT 1 FROM known_conflict c WHERE c.person_id = {EXPERT} AND c.shuts_out "  # noqa: S608 - fixed text
        "AND (c.from_on IS NULL OR c.from_on <= a22_today()) AND (c.until_on IS NULL OR c.until_on >= a22_today()) "
        f"AND CASE c.target_kind WHEN 'place' THEN c.target_id = {place} WHEN 'authority' THEN c.target_id = {operator} "
        f"WHEN 'matter' THEN {visit} WHEN 'person' THEN false ELSE true END)"
    )


#: `expert_on_visit`, as far as this service knows it: a role that is not over, accredited today for every place, and no
#: conflict about place or authority that shuts out, by our projections or by the list handed on. Standing: the gateway.
EXPERT_ON_VISIT = f"""
EXISTS (SELECT 1 FROM visit_role r WHERE r.visit_id = visit.id AND r.person_id = {EXPERT}
  AND coalesce(r.assignment_status, 'closed') NOT IN ('closed', 'withdrawn'))
AND NOT ({is_excluded_matter("visit.id")})
AND NOT EXISTS (SELECT 1 FROM visit_place vp LEFT JOIN place p ON p.id = vp.place_id WHERE vp.visit_id = visit.id AND (
  vp.place_id::text = ANY({EXCLUDED_PLACES})
  OR p.operator_id::text = ANY({EXCLUDED_AUTHORITIES})
  OR NOT EXISTS (SELECT 1 FROM known_accreditation a WHERE a.person_id = {EXPERT} AND a.authority_id = p.operator_id
    AND a.status = 'granted' AND a22_today() BETWEEN a.from_on AND a.to_on)
  OR {own_conflict(place="vp.place_id", operator="p.operator_id", visit="c.target_id = visit.id")}))
"""  # noqa: S608 - fixed text
PLACE_RUN = "EXISTS (SELECT 1 FROM visit_place vp WHERE vp.visit_id = visit.id)"
OWN_PLACE_BEGUN = (
    "has_begun AND first_on <= a22_today() "
    "AND EXISTS (SELECT 1 FROM place p WHERE p.id = place_id "
    "AND p.operator_id = nullif(current_setting('a22.organisation', true), '')::uuid)"
)

#: Whether a visit is one that the caller is kept from, or goes to a place that the caller is kept from. It looks past the policies of the visit's places, because
#: those ask for the visit; it tells nothing but this.
GOES_TO_EXCLUDED = f"""
CREATE OR REPLACE FUNCTION goes_to_excluded(visit_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT {is_excluded_matter("goes_to_excluded.visit_id")} OR EXISTS (SELECT 1 FROM visit_place vp LEFT JOIN place ON place.id = vp.place_id
    WHERE vp.visit_id = goes_to_excluded.visit_id AND ({IS_EXCLUDED}))
$$"""  # noqa: S608 - fixed text
FUNCTIONS = (GOES_TO_EXCLUDED, *for_the_npm_alone("visits", "goes_to_excluded(uuid)"))

PROTECTIONS = (
    Protection(
        table="visit",
        policies={
            "npm": (
                Policy(condition="begun_or_team", using=BEGUN_OR_TEAM, check=BEGUN_OR_TEAM),
                apart_from("goes_to_excluded(visit.id)"),
            ),
            "expert": Policy(condition="expert_on_visit", using=EXPERT_ON_VISIT, command="SELECT"),
            "authority": Policy(condition="place_run", using=PLACE_RUN, command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "expert": Grant(
                select=(
                    "id",
                    "code",
                    "type",
                    "purposes",
                    "announcement",
                    "status",
                    "days",
                    "first_on",
                    "interview_plan",
                    "origin",
                )
            ),
            "authority": Grant(select=("id", "code", "origin")),
        },
    ),
    Protection(
        table="visit_place",
        policies={
            "npm": (
                Policy(condition="begun_or_team", using=OF_A_VISIBLE_VISIT, check=OF_A_VISIBLE_VISIT),
                apart_from(is_unseen("place_id", "place")),
            ),
            "expert": Policy(
                condition="expert_on_visit",
                # an excluded place stays, so that the visit that goes there is known by it and hidden
                using=f"NOT {is_excluded_matter('visit_id')} AND EXISTS (SELECT 1 FROM visit_role r WHERE r.visit_id = visit_place.visit_id AND r.person_id = {EXPERT})",  # noqa: S608 - fixed text
                command="SELECT",
            ),
            "authority": Policy(condition="place_run", using=OWN_PLACE_BEGUN, command="SELECT"),
        },
        grants={
            "npm": Grant(select="*", insert="*", update="*", delete=True),
            "worker": EVERYTHING,
            "expert": Grant(select=("visit_id", "place_id", "days")),
            "authority": Grant(select=("visit_id", "place_id", "days", "first_on", "has_begun")),
        },
    ),
)

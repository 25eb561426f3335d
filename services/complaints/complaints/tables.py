"""The case core of a complaint: coded facts only. What people told us and who they are lies sealed in tables of its own."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.complaints.database import Base
from services.complaints.other_bodies.tables import OtherBodyFacts
from services.complaints.projections.tables import IS_EXCLUDED_PLACE, ids, words
from shared.protection import (
    EVERYTHING,
    EXCLUDED_PERSONS,
    ORGANISATION,
    PERSON,
    READ_AND_WRITE,
    Policy,
    Protection,
    apart_from,
    for_the_npm_alone,
    has_role,
    is_excluded_authority,
    is_excluded_matter,
    is_unseen,
    takes_decision,
)


def _part() -> Any:
    return Field(default=None, sa_column=Column(JSONB(none_as_null=True)))


def _parts() -> Any:
    return Field(default_factory=list, sa_column=Column(JSONB, nullable=False))


class Complaint(OtherBodyFacts, Base, table=True):
    """A request to the NPM about treatment, conditions or another situation. A table: own state, rights and list."""

    __tablename__ = "complaint"
    __table_args__ = (
        Index("ix_complaint_received_on_id", "received_on", "id"),
        Index("ix_complaint_place_id", "place_id", "received_on", "id"),
        Index("ix_complaint_state", "state", "received_on", "id"),
        Index("ix_complaint_assigned_ids", "assigned_ids", postgresql_using="gin"),
        Index("uq_complaint_source", "source", "source_row", unique=True, postgresql_where="source IS NOT NULL"),
    )

    ref: str = Field(unique=True)
    state: str
    received_on: date
    channel: str
    source_role: str
    partner_id: UUID | None = None
    kind: str | None = None
    themes: list[str] = words()
    place_id: UUID | None = None
    present_place_id: UUID | None = None
    authority_id: UUID | None = None
    incident_from: date | None = None
    incident_to: date | None = None
    seriousness: str | None = None
    urgency: str | None = None
    anonymous: bool = False
    person_refs: list[UUID] = ids()
    #: Who speaks, as keyed digests: one voice alone never makes a pattern.
    voices: list[str] = words()
    #: People of the NPM and experts complained of: shut out whatever their role.
    against_person_ids: list[UUID] = ids()
    group_size: int = 1
    has_reprisal_fear: bool = False
    duplicate_of: UUID | None = None
    incident_id: UUID | None = None
    is_emblematic: bool = False
    acknowledgement: dict[str, Any] | None = _part()
    position_assessment: dict[str, Any] | None = _part()
    risk_assessment: dict[str, Any] | None = _part()
    assignments: list[dict[str, Any]] = _parts()
    #: Who is assigned now; the row policies read it.
    assigned_ids: list[UUID] = ids()
    actions: list[dict[str, Any]] = _parts()
    outcome: dict[str, Any] | None = _part()
    was_classified: bool = False
    source: str | None = None
    source_row: str | None = None
    source_digest: str | None = None
    source_note: dict[str, Any] | None = _part()


#: For tables that hang on a case: whether the caller is complained of there. It looks past the policies of the complaint, which
#: hide it from that very person, and tells nothing but this.
IS_COMPLAINED_OF = f"""
CREATE OR REPLACE FUNCTION is_complained_of(case_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM complaint c WHERE c.id = is_complained_of.case_id AND {PERSON}::uuid = ANY(c.against_person_ids))
$$"""  # noqa: S608 - fixed text


def _is_shut(place: str) -> str:
    """Write the condition that the caller is kept from this place; one that nobody has told us of counts too."""
    return (
        f"({place} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM known_place WHERE id = {place} "  # noqa: S608 - fixed text
        f"AND ({IS_EXCLUDED_PLACE}) IS NOT TRUE))"
    )


#: For tables that hang on a case: whether it concerns what the caller is kept from. It looks past the policies of complaint and
#: place, which hide both from that very caller and from the vault keeper, and tells nothing but this.
IS_KEPT_FROM = f"""
CREATE OR REPLACE FUNCTION is_kept_from(case_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT {is_excluded_matter("is_kept_from.case_id")} OR EXISTS (SELECT 1 FROM complaint c WHERE c.id = is_kept_from.case_id
    AND (c.person_refs::text[] && {EXCLUDED_PERSONS} OR {is_excluded_authority("c.authority_id")}
      OR {_is_shut("c.place_id")} OR {_is_shut("c.present_place_id")}))
$$"""  # noqa: S608 - fixed text
FUNCTIONS = (
    IS_COMPLAINED_OF,
    *for_the_npm_alone("complaints", "is_complained_of(uuid)"),
    IS_KEPT_FROM,
    *for_the_npm_alone("complaints", "is_kept_from(uuid)"),
)
#: Who asks is looked up once in a statement, and not once in a row.
_ASKING = f"(SELECT {PERSON}::uuid)"
NOT_COMPLAINED_OF = f"NOT coalesce({_ASKING} = ANY(against_person_ids), false)"
_ALL = f"(SELECT {has_role('head')} OR ({takes_decision('complaints:complaints.assign')}))"
_BROUGHT_IN = f"(SELECT {takes_decision('gateway:imports.create')}) AND source IS NOT NULL"
_OWN = f"(SELECT {has_role('complaints_officer')}) AND {_ASKING} = ANY(assigned_ids)"
ASSIGNED = f"({NOT_COMPLAINED_OF}) AND ({_ALL} OR ({_OWN}) OR ({_BROUGHT_IN}))"
"""Officer: own cases. Head: all. A member whom the decision matrix names: all while assigning one, and what was brought
in before while bringing in (known rows are compared, never doubled). Nobody else any."""
#: For tables that hang on a case by `case_id`: a partner's own case, and one whose policies let the caller see it.
OWN_CASE = (
    f"EXISTS (SELECT 1 FROM complaint_referral r WHERE r.complaint_id = case_id AND r.partner_id = {ORGANISATION})"  # noqa: S608 - fixed text
)
VISIBLE_CASE = "EXISTS (SELECT 1 FROM complaint c WHERE c.id = case_id)"
RECORDS = has_role("complaints_officer", "head", "member", "staff", "secondee")

_CONCERNS = (
    f"({is_unseen('place_id', 'known_place')}) OR ({is_unseen('present_place_id', 'known_place')}) "
    f"OR {is_excluded_authority('authority_id')} OR {is_excluded_matter('id')} OR person_refs::text[] && {EXCLUDED_PERSONS}"
)

PROTECTIONS = (
    Protection(
        table="complaint",
        policies={
            "npm": (
                Policy(condition="assigned", using=ASSIGNED, command="SELECT"),
                # judged on the old row: who hands a case over may write a row that is no longer the own one
                Policy(condition="assigned", using=ASSIGNED, check=RECORDS, command="UPDATE"),
                Policy(condition="none", using="false", check=f"{RECORDS} AND created_by = {PERSON}", command="INSERT"),
                apart_from(_CONCERNS),
            )
        },
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
)

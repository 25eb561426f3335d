"""Conflicts of interest on record, and the names of places they are about."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.stakeholders.database import Base
from shared.protection import (
    EVERYTHING,
    EXCLUDED_PERSONS,
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
    is_excluded_authority,
    is_excluded_matter,
    is_unseen,
    open_to,
)


class ConflictDeclaration(Base, table=True):
    """That something stands between a person and a matter. A table: own state and rights; restricted to whom it concerns."""

    __tablename__ = "conflict_declaration"
    __table_args__ = (
        Index("ix_conflict_declaration_person", "person_id", "target_kind", "target_id"),
        Index("ix_conflict_declaration_created_at_id", "created_at", "id"),
    )

    person_id: UUID
    kind: str
    target_kind: str
    target_id: UUID
    status: str
    effect: str = "none"
    from_on: date | None = None
    until_on: date | None = None
    explanation: str | None = None
    reason: str | None = None
    is_risk_to_perceived_independence: bool = False
    declared_on: date
    decided_by: str | None = None
    decided_on: date | None = None
    confidentiality: str = Field(default="RES")


class KnownPlace(Base, table=True):
    """A projection of visits: the name behind a place's id, and who runs it."""

    __tablename__ = "known_place"

    name: str
    operator_id: UUID | None = None


_DECLARED = (
    "id", "person_id", "kind", "target_kind", "target_id", "status", "effect", "from_on", "until_on", "explanation",
    "declared_on", "created_at",
)  # fmt: skip
_INSERTED = (
    *_DECLARED, "is_risk_to_perceived_independence", "created_by", "updated_at", "updated_by", "version", "confidentiality", "origin",
)  # fmt: skip
_NAMED = (
    "EXISTS (SELECT 1 FROM decision_matrix_entry m WHERE m.topic = 'conflicts' "  # noqa: S608 - fixed text of a policy
    f"AND {PERSON} IN (m.decider_id::text, m.deputy_id::text))"
)
_SEES_ALL = f"{has_role('head', 'data_protection_officer')} OR ({has_role('member')} AND {_NAMED})"
_EXCLUDED_PLACE = f"id::text = ANY({EXCLUDED_PLACES}) OR {is_excluded_authority('operator_id')}"
#: Others' conflicts with what the caller is kept from; one's own is one's own to read.
_ABOUT = (
    f"person_id::text <> {PERSON} AND (target_kind = 'authority' AND {is_excluded_authority('target_id')} "
    f"OR target_kind = 'place' AND {is_unseen('target_id', 'known_place')} "
    f"OR target_kind = 'matter' AND {is_excluded_matter('target_id')} "
    f"OR target_kind = 'person' AND target_id::text = ANY({EXCLUDED_PERSONS}))"
)
#: Who keeps identities reads no directory, and still which institution a conflict of their own is about.
_NAMED_IN_OWN = f"""
CREATE OR REPLACE FUNCTION named_in_own_conflict(target uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT s.name FROM stakeholder s WHERE s.id = target AND {has_role("vault_keeper")}
    AND EXISTS (SELECT 1 FROM conflict_declaration d WHERE d.target_id = s.id AND d.person_id::text = {PERSON})
$$"""  # noqa: S608 - fixed text
FUNCTIONS = (_NAMED_IN_OWN, *for_the_npm_alone("stakeholders", "named_in_own_conflict(uuid)"))
_CONCERNED = f"person_id::text = {PERSON}"

PROTECTIONS = (
    Protection(
        table="conflict_declaration",
        policies={
            "npm": (
                Policy(condition="institution", using=_SEES_ALL, check=_SEES_ALL),
                Policy(condition="own_account", using=_CONCERNED, command="SELECT"),
                # what somebody's past speaks for is entered by whoever keeps persons, and is not theirs to read back
                Policy(
                    condition="own_account",
                    using="false",
                    check=f"{_CONCERNED} OR status = 'detected'",
                    command="INSERT",
                ),
                apart_from(_ABOUT),
            ),
            "expert": (
                Policy(condition="own_account", using=f"person_id = {EXPERT}", command="SELECT"),
                Policy(
                    condition="own_account",
                    using="false",
                    check=f"person_id = {EXPERT} AND status = 'declared' AND confidentiality = 'RES'",
                    command="INSERT",
                ),
            ),
            "service": Policy(condition="institution", using="true", command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "expert": Grant(select=_DECLARED, insert=_INSERTED),
            "service": Grant(
                select=("id", "person_id", "target_kind", "target_id", "status", "effect", "from_on", "until_on")
            ),
        },
    ),
    Protection(
        table="known_place",
        policies={
            # names behind the ids of conflicts, for everybody who may declare one
            "npm": (open_to("stakeholders:conflicts.declare"), apart_from(_EXCLUDED_PLACE)),
            "expert": Policy(
                condition="own_account",
                using=f"EXISTS (SELECT 1 FROM conflict_declaration d WHERE d.target_id = known_place.id AND d.person_id = {EXPERT})",  # noqa: S608 - fixed text of a policy
                command="SELECT",
            ),
        },
        grants={"npm": Grant(select="*"), "worker": EVERYTHING, "expert": Grant(select=("id", "name"))},
    ),
)

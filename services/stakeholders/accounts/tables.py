"""Accounts: which login at which provider is whose, and the roles that were proposed, approved, and count."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.stakeholders.database import Base
from shared.protection import EVERYTHING, PERSON, READ_AND_WRITE, Grant, Policy, Protection, for_the_npm_alone, has_role


class Account(Base, table=True):
    """One login of one person. A table: own state and rights, and the gateway asks it on every request."""

    __tablename__ = "account"
    __table_args__ = (
        # who comes back after the end gets another account: an ended one never lives again
        Index("uq_account_issuer_subject", "issuer", "subject", unique=True, postgresql_where="status <> 'ended'"),
        Index("ix_account_issuer_subject_created_at", "issuer", "subject", "created_at"),
        Index("ix_account_person_id", "person_id"),
        Index("ix_account_created_at_id", "created_at", "id"),
        CheckConstraint("decided_by IS NULL OR decided_by <> last_proposed_by", name="two_persons"),
        CheckConstraint("decided_by IS NULL OR decided_by <> person_id::text", name="never_own"),
        CheckConstraint("last_proposed_by <> person_id::text", name="never_proposed_by_oneself"),
        CheckConstraint("(proposed_roles IS NULL) = (proposed_by IS NULL)", name="proposal"),
    )

    issuer: str
    subject: str
    audience_class: str
    roles: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    person_id: UUID
    expert_id: UUID | None = None
    authority_id: UUID | None = None
    department_id: UUID | None = None
    partner_id: UUID | None = None
    status: str
    from_on: date
    to_on: date | None = None
    proposed_roles: list[str] | None = Field(default=None, sa_column=Column(ARRAY(Text)))
    proposed_by: str | None = None
    last_proposed_by: str
    decided_by: str | None = None
    decided_on: date | None = None
    ended_on: date | None = None
    end_reason: str | None = None


_NAMED = (
    "EXISTS (SELECT 1 FROM decision_matrix_entry m WHERE m.topic = 'accounts' "  # noqa: S608 - fixed text of a policy
    f"AND {PERSON} IN (m.decider_id::text, m.deputy_id::text))"
)
_KEEPS = f"{has_role('sysadmin', 'head')} OR ({has_role('member')} AND {_NAMED})"
#: Who runs the system links logins to persons and institutions without reading either: what an id stands for, and no more.
_RUNS = has_role("sysadmin")
_DEFINED = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS"
FUNCTIONS = (
    f"""CREATE OR REPLACE FUNCTION institution_kind(entry uuid) RETURNS text {_DEFINED} $$
  SELECT s.kind FROM stakeholder s WHERE s.id = entry AND {_RUNS}
$$""",  # noqa: S608 - fixed text
    f"""CREATE OR REPLACE FUNCTION person_kind(entry uuid) RETURNS text {_DEFINED} $$
  SELECT p.kind FROM person p WHERE p.id = entry AND {_RUNS}
$$""",  # noqa: S608 - fixed text
    f"""CREATE OR REPLACE FUNCTION is_department_of(entry uuid, authority uuid) RETURNS boolean {_DEFINED} $$
  SELECT EXISTS (SELECT 1 FROM stakeholder s WHERE s.id = entry AND {_RUNS}
    AND s.parents @> jsonb_build_array(jsonb_build_object('id', authority::text)))
$$""",  # noqa: S608 - fixed text
    *for_the_npm_alone("stakeholders", "institution_kind(uuid)"),
    *for_the_npm_alone("stakeholders", "person_kind(uuid)"),
    *for_the_npm_alone("stakeholders", "is_department_of(uuid, uuid)"),
)
_ASKED = (
    "id", "issuer", "subject", "audience_class", "roles", "person_id", "expert_id", "authority_id", "department_id", "partner_id",
    "status", "from_on", "to_on", "created_at",
)  # fmt: skip

PROTECTIONS = (
    Protection(
        table="account",
        policies={
            "npm": Policy(condition="institution", using=_KEEPS, check=_KEEPS),
            "service": Policy(condition="institution", using="true", command="SELECT"),
        },
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING, "service": Grant(select=_ASKED)},
    ),
)

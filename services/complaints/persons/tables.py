"""The vault: who somebody is, field by field under a key of the person. Nothing here is readable without the key store."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index
from sqlmodel import Field

from services.complaints.complaints.tables import OWN_CASE, RECORDS, VISIBLE_CASE
from services.complaints.database import Base
from services.complaints.projections.tables import ids
from shared.protection import EVERYTHING, EXCLUDED_PERSONS, PERSON, Grant, Policy, Protection, apart_from, has_role

SEALED = ("name", "birth_year", "identifiers", "contact", "safe_contact")


class PersonRecord(Base, table=True):
    """One person of one case. A table: its own state and rights, and the id is what the case refers to."""

    __tablename__ = "person_record"
    __table_args__ = (Index("ix_person_record_case_id", "case_id"),)

    case_id: UUID
    role: str
    state: str
    #: A keyed digest, for "is this person known"; worthless without the key.
    voice: str
    shut_out: list[UUID] = ids()
    sealed_name: bytes | None = None
    sealed_birth_year: bytes | None = None
    sealed_identifiers: bytes | None = None
    sealed_contact: bytes | None = None
    sealed_safe_contact: bytes | None = None


class Reveal(Base, table=True):
    """One attempt to see an identity, kept before anything is shown. A table: counted by the hour, never changed."""

    __tablename__ = "reveal"
    __table_args__ = (Index("ix_reveal_person_id_at", "person_id", "at"),)

    person_id: str
    at: datetime = Field(sa_type=DateTime(timezone=True))
    purpose: str


COLUMNS = (
    "id", "case_id", "role", "state", "voice", "shut_out", "sealed_name", "sealed_birth_year", "sealed_identifiers", "sealed_contact",
    "sealed_safe_contact", "created_at", "created_by", "updated_at", "updated_by", "version", "confidentiality", "origin",
)  # fmt: skip
_NOT_SHUT_OUT = f"NOT coalesce({PERSON}::uuid = ANY(shut_out), false)"
VAULT = f"({_NOT_SHUT_OUT}) AND NOT is_complained_of(case_id) AND (({has_role('vault_keeper')}) OR (({has_role('head', 'complaints_officer')}) AND {VISIBLE_CASE}))"
_OWN = f"person_id = {PERSON}"

PROTECTIONS = (
    Protection(
        table="person_record",
        policies={
            "npm": (
                Policy(condition="vault", using=VAULT, command="SELECT"),
                Policy(condition="none", using="false", check=f"{RECORDS} AND created_by = {PERSON}", command="INSERT"),
                apart_from(f"is_kept_from(case_id) OR id::text = ANY({EXCLUDED_PERSONS})"),
            ),
            "partner": Policy(condition="own_submission", using="false", check=OWN_CASE, command="INSERT"),
        },
        grants={
            "npm": Grant(select="*", insert="*"),
            "partner": Grant(insert=COLUMNS),
            "worker": EVERYTHING,
        },
    ),
    Protection(
        table="reveal",
        policies={"npm": Policy(condition="own_account", using=_OWN, check=_OWN)},
        grants={"npm": Grant(select="*", insert="*"), "worker": EVERYTHING},
    ),
)

"""What a person agreed to, as coded facts; who the person is lies in the vault."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index

from services.complaints.complaints.tables import OWN_CASE, RECORDS, VISIBLE_CASE
from services.complaints.database import Base
from services.complaints.projections.tables import words
from shared.protection import EVERYTHING, PERSON, READ_AND_WRITE, Grant, Policy, Protection, apart_from, has_role


class Consent(Base, table=True):
    """One consent in one case. A table: its own state, and rights of its own (data protection officer)."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_case_id", "case_id"),)

    case_id: UUID
    person_ref: UUID | None = None
    state: str
    purposes: list[str] = words()
    recipients: list[str] = words()
    content_level: str | None = None
    form: str | None = None
    informed_points: list[str] = words()
    not_obtainable_reason: str | None = None
    given_on: date | None = None
    expires_on: date | None = None
    withdrawn_on: date | None = None


_CASE = f"({has_role('head', 'complaints_officer')}) AND {VISIBLE_CASE}"
_WATCHED = f"{has_role('data_protection_officer')} AND NOT is_complained_of(case_id)"

PROTECTIONS = (
    Protection(
        table="consent",
        policies={
            "npm": (
                Policy(condition="assigned", using=_CASE, check=_CASE),
                Policy(condition="none", using="false", check=f"{RECORDS} AND created_by = {PERSON}", command="INSERT"),
                Policy(condition="institution", using=_WATCHED, command="SELECT"),
                apart_from("is_kept_from(case_id)"),
            ),
            # a partner reports a withdrawal; what the consent says it cannot read
            "partner": (
                Policy(condition="own_submission", using=OWN_CASE, command="SELECT"),
                Policy(condition="own_submission", using=OWN_CASE, check=OWN_CASE, command="UPDATE"),
            ),
        },
        grants={
            "npm": READ_AND_WRITE,
            "partner": Grant(
                select=("id", "case_id", "state"), update=("state", "withdrawn_on", "updated_at", "updated_by")
            ),
            "worker": EVERYTHING,
        },
    ),
)

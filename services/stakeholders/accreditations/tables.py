"""Accreditations: that an authority knows a person, from when to when. Never a visit, a place or a reason."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.stakeholders.database import Sourced
from shared.protection import (
    EVERYTHING,
    EXPERT,
    ORGANISATION,
    READ_AND_WRITE,
    Grant,
    Policy,
    Protection,
    apart_from,
    institution,
    is_excluded_authority,
)


class Accreditation(Sourced, table=True):
    """What an authority confirmed about a person. A table: the authority sees its own."""

    __tablename__ = "accreditation"
    __table_args__ = (
        Index("ix_accreditation_person_id", "person_id"),
        Index("ix_accreditation_authority_id", "authority_id"),
        Index("uq_accreditation_source", "source", "source_row", unique=True, postgresql_where="source IS NOT NULL"),
    )

    person_id: UUID = Field(foreign_key="person.id")
    authority_id: UUID = Field(foreign_key="stakeholder.id")
    status: str
    from_on: date
    to_on: date
    reference: str = ""
    document_reference: str = ""
    reason: str | None = None


_DATED = ("id", "person_id", "authority_id", "status", "from_on", "to_on", "created_at")

PROTECTIONS = (
    Protection(
        table="accreditation",
        policies={
            "npm": (institution(), apart_from(is_excluded_authority("authority_id"))),
            "authority": Policy(
                condition="own_entry",
                using=f"authority_id = {ORGANISATION} AND status IN ('requested', 'granted')",
                command="SELECT",
            ),
            "expert": Policy(condition="own_account", using=f"person_id = {EXPERT}", command="SELECT"),
            "service": Policy(condition="institution", using="true", command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "authority": Grant(select=_DATED),
            "expert": Grant(select=_DATED),
            "service": Grant(select=_DATED),
        },
    ),
)

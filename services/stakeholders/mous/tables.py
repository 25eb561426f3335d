"""Memoranda of understanding with partners."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.stakeholders.database import Sourced
from shared.protection import (
    EVERYTHING,
    ORGANISATION,
    READ_AND_WRITE,
    Grant,
    Policy,
    Protection,
    apart_from,
    institution,
    is_excluded_authority,
)


def _codes() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))


class Mou(Sourced, table=True):
    """Under what terms a partner and the NPM work together. A table: the party sees its own text."""

    __tablename__ = "mou"
    __table_args__ = (
        Index("ix_mou_partner_id", "partner_id"),
        Index("uq_mou_source", "source", "source_row", unique=True, postgresql_where="source IS NOT NULL"),
    )

    partner_id: UUID = Field(foreign_key="stakeholder.id")
    title: str
    purposes: list[str] = _codes()
    objectives: str = ""
    modalities: str = ""
    responsibilities: str = ""
    limits: str = ""
    confidentiality_clause: str = ""
    independence_flags: list[str] = _codes()
    status: str
    from_on: date | None = None
    to_on: date | None = None
    review_due_on: date | None = None
    signed_on: date | None = None
    reason: str | None = None


_OWN_TEXT = (
    "id", "partner_id", "title", "purposes", "objectives", "modalities", "responsibilities", "limits", "confidentiality_clause",
    "status", "from_on", "to_on", "signed_on",
)  # fmt: skip

PROTECTIONS = (
    Protection(
        table="mou",
        policies={
            "npm": (institution(), apart_from(is_excluded_authority("partner_id"))),
            "partner": Policy(
                condition="own_entry",
                using=f"partner_id = {ORGANISATION} AND status IN ('signed', 'under_review', 'suspended', 'terminated')",
                command="SELECT",
            ),
            "service": Policy(condition="institution", using="true", command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "partner": Grant(select=_OWN_TEXT),
            "service": Grant(select=("id", "partner_id", "status", "from_on", "to_on")),
        },
    ),
)

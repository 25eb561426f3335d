"""Engagements of external experts, and the signatures that experts give themselves."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.stakeholders.database import Base, Sourced
from shared.protection import EVERYTHING, EXPERT, READ_AND_WRITE, Grant, Policy, Protection, open_to


class ExpertEngagement(Sourced, table=True):
    """That an expert works for the NPM, from candidate to the end. A table: own state and rights."""

    __tablename__ = "expert_engagement"
    __table_args__ = (
        Index("ix_expert_engagement_person_id", "person_id"),
        Index(
            "uq_expert_engagement_source", "source", "source_row", unique=True, postgresql_where="source IS NOT NULL"
        ),
    )

    person_id: UUID = Field(foreign_key="person.id")
    modality: str
    status: str
    route_note: str = ""
    was_told_of_preparation: bool = False
    contracts: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    confidentiality_signed_on: date | None = None
    reason: str | None = None


class ExpertSignature(Base, table=True):
    """What an expert signed, and when. A table: the expert may add to it and to nothing else of a contract."""

    __tablename__ = "expert_signature"
    __table_args__ = (UniqueConstraint("engagement_id", "contract_version"),)

    engagement_id: UUID = Field(foreign_key="expert_engagement.id")
    person_id: UUID
    contract_version: int
    signed_on: date


_OWN = f"person_id = {EXPERT}"
_ENGAGED = ("id", "person_id", "modality", "status", "contracts", "confidentiality_signed_on", "created_at")
_SIGNED = ("id", "engagement_id", "person_id", "contract_version", "signed_on")

PROTECTIONS = (
    Protection(
        table="expert_engagement",
        policies={
            "npm": open_to("stakeholders:directory.read", "stakeholders:contracts.read"),
            "expert": (
                Policy(condition="own_account", using=_OWN, command="SELECT"),
                # whatever an expert does leads to one of these two states; the others are the NPM's
                Policy(
                    condition="own_account",
                    using=_OWN,
                    check=f"{_OWN} AND status IN ('confidentiality_signed', 'ended')",
                    command="UPDATE",
                ),
            ),
            "service": Policy(condition="institution", using="true", command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "expert": Grant(
                select=(*_ENGAGED, "version"),
                update=("status", "confidentiality_signed_on", "reason", "updated_at", "updated_by", "version"),
            ),
            "service": Grant(select=_ENGAGED),
        },
    ),
    Protection(
        table="expert_signature",
        policies={
            "npm": open_to("stakeholders:directory.read", "stakeholders:contracts.read"),
            "expert": (
                Policy(condition="own_account", using=_OWN, command="SELECT"),
                Policy(
                    condition="own_account",
                    using="false",
                    check=f"{_OWN} AND EXISTS (SELECT 1 FROM expert_engagement e WHERE e.id = engagement_id AND e.person_id = {EXPERT})",  # noqa: S608 - fixed text of a policy
                    command="INSERT",
                ),
            ),
            "service": Policy(condition="institution", using="true", command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "expert": Grant(
                select=_SIGNED,
                insert=(
                    *_SIGNED,
                    "created_at",
                    "created_by",
                    "updated_at",
                    "updated_by",
                    "version",
                    "confidentiality",
                    "origin",
                ),
            ),
            "service": Grant(select=_SIGNED),
        },
    ),
)

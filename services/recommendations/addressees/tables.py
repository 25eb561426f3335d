"""Addressees: who is asked, in which part, until when, and what was asked back.

A due date is kept with the way it was counted; being late is told at reading and never kept.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.recommendations.database import Base
from services.recommendations.recommendations.tables import of_visible_recommendation
from shared.protection import DEPARTMENT, EVERYTHING, ORGANISATION, Grant, Policy, Protection


class Addressee(Base, table=True):
    """One authority or monitoring body that a recommendation is sent to, with its own deadline."""

    __tablename__ = "addressee"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "stakeholder_id", "department_id", postgresql_nulls_not_distinct=True),
        Index("ix_addressee_stakeholder_id_state", "stakeholder_id", "state"),
    )

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    stakeholder_id: UUID
    stakeholder_kind: str
    department_id: UUID | None = None
    category: str = ""
    level: str = ""
    role: str
    state: str
    working_days: int
    asked_parts: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    requested_on: date | None = None
    due_on: date | None = None
    deadline: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    earlier_deadlines: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    clarifications: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    answered_on: date | None = None
    """The day of the answer to the request that is open now."""
    request_reason: str = ""
    release_reason: str = ""
    reported_outcome: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    overdue_told_for: date | None = None
    due_soon_told_for: date | None = None


_OWN = f"stakeholder_id = {ORGANISATION} AND requested_on IS NOT NULL AND (department_id IS NULL OR {DEPARTMENT} IS NULL OR department_id = {DEPARTMENT})"
_OWN_COLUMNS = (
    "id", "recommendation_id", "stakeholder_id", "department_id", "role", "state", "asked_parts", "requested_on", "due_on",
    "deadline", "clarifications", "answered_on", "version",
)  # fmt: skip
_OF_VISIBLE = "EXISTS (SELECT 1 FROM recommendation whole WHERE whole.id = addressee.recommendation_id)"

PROTECTIONS = (
    Protection(
        table="addressee",
        policies={
            "npm": of_visible_recommendation("addressee"),
            "authority": (
                Policy(condition="addressed", using=_OWN, command="SELECT"),
                Policy(
                    condition="addressed",
                    using=_OWN,
                    check=f"{_OWN} AND state IN ('submitted', 'complete')",
                    command="UPDATE",
                ),
            ),
            "expert": Policy(condition="expert_on_visit", using=_OF_VISIBLE, command="SELECT"),
            "public": Policy(condition="published", using=_OF_VISIBLE, command="SELECT"),
        },
        grants={
            "npm": Grant(select="*", insert="*", update="*", delete=True),
            "worker": EVERYTHING,
            "authority": Grant(
                select=_OWN_COLUMNS, update=("state", "answered_on", "updated_at", "updated_by", "version")
            ),
            "expert": Grant(select=("id", "recommendation_id", "stakeholder_id", "role", "state", "due_on")),
            "public": Grant(select=("id", "recommendation_id", "stakeholder_id", "role")),
        },
    ),
)

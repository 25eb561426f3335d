"""Assessments: the NPM's own finding on implementation, proposed and approved by different people."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlmodel import Field

from services.recommendations.database import Base
from services.recommendations.recommendations.tables import of_visible_recommendation
from shared.protection import EVERYTHING, READ_AND_WRITE, Protection


def _ids() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(PgUuid(as_uuid=True)), nullable=False))


class ImplementationAssessment(Base, table=True):
    """One look at what became of a recommendation."""

    __tablename__ = "assessment"
    __table_args__ = (
        Index("ix_assessment_recommendation_id", "recommendation_id"),
        Index("uq_assessment_valid", "recommendation_id", unique=True, postgresql_where="state = 'approved'"),
    )

    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    trigger: str
    state: str
    opened_on: date
    status: str | None = None
    assessed_on: date | None = None
    reasons: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    note: str = ""
    evidence_ids: list[UUID] = _ids()
    has_other_evidence: bool = False
    proposed_by: str | None = None
    approved_by: str | None = None
    approved_on: date | None = None
    remarks: str = ""


PROTECTIONS = (
    Protection(
        table="assessment",
        policies={"npm": of_visible_recommendation("assessment")},
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
)

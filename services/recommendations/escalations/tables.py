"""Steps of escalation towards an authority; each keeps a channel open."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlmodel import Field

from services.recommendations.database import Base
from shared.protection import EVERYTHING, READ_AND_WRITE, Protection, apart_from, institution, is_excluded_authority


class Escalation(Base, table=True):
    """One step: proposed by the ladder or a person, decided, taken, ended."""

    __tablename__ = "escalation"
    __table_args__ = (Index("ix_escalation_stakeholder_id_step", "stakeholder_id", "step"),)

    stakeholder_id: UUID
    recommendation_ids: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(PgUuid(as_uuid=True)), nullable=False)
    )
    step: str
    path: str | None = None
    ground: str | None = None
    state: str
    suggestion: str = ""
    is_round_table: bool = False
    suggested_on: date
    suggested_by: str
    retained_channel: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    is_harm_checked: bool = False
    approved_by: str | None = None
    approved_on: date | None = None
    carried_out_on: date | None = None
    outcome: str = ""
    reason: str = ""


PROTECTIONS = (
    Protection(
        table="escalation",
        policies={"npm": (institution(), apart_from(is_excluded_authority("stakeholder_id")))},
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
)

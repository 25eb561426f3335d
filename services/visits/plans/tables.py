"""Plans of the NPM; objectives, activities and the risk analysis are parts of their plan."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.visits.database import Base
from shared.protection import EVERYTHING, READ_AND_WRITE, Protection, apart_from, institution
from shared.records import json_column


def _part() -> Any:
    return Field(default=None, sa_column=Column(JSONB(none_as_null=True)))


class Plan(Base, table=True):
    """A plan. A table: it has its own state and list."""

    __tablename__ = "plan"
    __table_args__ = (Index("ix_plan_from_on_id", "from_on", "id"),)

    code: str = Field(unique=True)
    kind: str
    title: str
    status: str
    from_on: date
    to_on: date
    mission: str = ""
    vision: str = ""
    principles: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    mandate_text: str = ""
    legal_basis: str = ""
    strategic_plan_id: UUID | None = Field(default=None, foreign_key="plan.id")
    author_ids: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    available_days: float = 0
    reserve_days: float = 0
    risk_analysis: dict[str, Any] | None = _part()
    objectives: list[dict[str, Any]] = json_column()
    activities: list[dict[str, Any]] = json_column()
    team_sessions: list[dict[str, Any]] = json_column()
    consultations: list[dict[str, Any]] = json_column()
    reviews: list[dict[str, Any]] = json_column()
    amendments: list[dict[str, Any]] = json_column()
    #: What was adopted, as it was: an amendment keeps it, and a review that changed something cannot just be confirmed.
    adopted_content: dict[str, Any] | None = _part()
    warnings: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    adopted_on: date | None = None
    superseded_by_id: UUID | None = Field(default=None, foreign_key="plan.id")
    last_reason: str = ""


#: A plan that names a place, now or in what was adopted before, is seen whole or not at all.
_CONCERNS = """EXISTS (
  SELECT 1 FROM jsonb_path_query(jsonb_build_array(plan.objectives, plan.activities, plan.reviews, plan.amendments, plan.adopted_content),
    '$.**.place_ids[*]') AS one WHERE NOT EXISTS (SELECT 1 FROM place seen WHERE seen.id::text = one #>> '{}'))"""

PROTECTIONS = (
    Protection(
        table="plan",
        policies={"npm": (institution(), apart_from(_CONCERNS))},
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
)

"""Meetings, calls and letters with institutions, what came of them; and whether answers came on time, from recommendations."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlmodel import Field

from services.stakeholders.database import Base
from shared.protection import (
    EVERYTHING,
    READ_AND_WRITE,
    Grant,
    Protection,
    apart_from,
    is_any_excluded_authority,
    is_excluded_authority,
    open_to,
)


class DialogueEngagement(Base, table=True):
    """Something that brought the NPM and institutions together. A table: own state and rights; never an authority's."""

    __tablename__ = "engagement"
    __table_args__ = (
        Index("ix_engagement_held_on_id", "held_on", "id"),
        Index("ix_engagement_counterpart_ids", "counterpart_ids", postgresql_using="gin"),
    )

    format: str
    channel: str
    timing: str = "beyond_visits"
    purposes: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    held_on: date
    counterpart_ids: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(PgUuid(as_uuid=True)), nullable=False)
    )
    participant_ids: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(PgUuid(as_uuid=True)), nullable=False)
    )
    agenda_set_by: str | None = None
    aims: str = ""
    summary: str = ""
    is_shared_in_confidence: bool = False
    outcomes: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    status: str
    reason: str | None = None


class AnswerRecord(Base, table=True):
    """A projection of recommendations: whether an authority answered on time. The id is the addressee's."""

    __tablename__ = "answer_record"
    __table_args__ = (Index("ix_answer_record_authority_id", "authority_id"),)

    authority_id: UUID
    submitted_on: date | None = None
    overdue_since: date | None = None


#: Minutes and notes; the complaints office has no scope for them.
DIALOGUE = ("stakeholders:dialogue.read", "stakeholders:dialogue.write")

PROTECTIONS = (
    Protection(
        table="engagement",
        policies={"npm": (open_to(*DIALOGUE), apart_from(is_any_excluded_authority("counterpart_ids")))},
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
    Protection(
        table="answer_record",
        policies={"npm": (open_to(*DIALOGUE), apart_from(is_excluded_authority("authority_id")))},
        grants={"npm": Grant(select="*"), "worker": EVERYTHING},
    ),
)

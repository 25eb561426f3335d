"""Reports, what was frozen of them for whom, and what outsiders said: corrections of facts, experts' comments.

A frozen row's content never changes; only its state does.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlmodel import Field

from services.visits.database import Base


def _ids() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(PgUuid(as_uuid=True)), nullable=False))


def _parts() -> Any:
    return Field(default_factory=list, sa_column=Column(JSONB, nullable=False))


class Report(Base, table=True):
    """A report of the NPM, as it is being written and as it stands. Outsiders never read this row but through a snapshot."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_updated_at_id", "updated_at", "id"),)

    code: str = Field(unique=True)
    kind: str
    title: str
    status: str
    edition: int = 1
    drafter_id: UUID
    visit_ids: list[UUID] = _ids()
    place_ids: list[UUID] = _ids()
    sections: list[dict[str, Any]] = _parts()
    annex: list[dict[str, Any]] = _parts()
    fact_items: list[dict[str, Any]] = _parts()
    finding_ids: list[UUID] = _ids()
    recommendation_ids: list[UUID] = _ids()
    errata: list[dict[str, Any]] = _parts()
    remarks: list[dict[str, Any]] = _parts()
    approved_by: str | None = None
    approved_on: date | None = None
    transmitted_on: date | None = None
    published_on: date | None = None
    withheld_reason: str | None = None
    withheld_review_on: date | None = None


class ReportSnapshot(Base, table=True):
    """A frozen version of a report for one recipient, without annex and authors. A draft's transmission is this row."""

    __tablename__ = "report_snapshot"
    __table_args__ = (
        Index("ix_report_snapshot_report_id", "report_id"),
        Index("ix_report_snapshot_recipient_id", "recipient_id", "sent_on", "id"),
        Index("uq_report_snapshot_public", "report_id", unique=True, postgresql_where=text("is_public")),
        Index(
            "uq_report_snapshot_open_draft",
            "report_id",
            "recipient_id",
            unique=True,
            postgresql_where=text("status = 'sent'"),
        ),
    )

    report_id: UUID = Field(foreign_key="report.id")
    edition: int
    purpose: str
    code: str
    kind: str
    title: str
    content: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    recipient_id: UUID | None = None
    status: str | None = None
    sent_on: date
    due_on: date | None = None
    deadline: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    due_explanation: str | None = None
    answered_on: date | None = None
    recall_reason: str | None = None
    published_on: date | None = None
    is_public: bool = False


class FactualCorrection(Base, table=True):
    """What an authority proposes for one fact item of a draft that it was sent, and what the NPM decided."""

    __tablename__ = "factual_correction"
    __table_args__ = (Index("ix_factual_correction_report_id", "report_id"),)

    report_id: UUID = Field(foreign_key="report.id")
    snapshot_id: UUID = Field(foreign_key="report_snapshot.id", index=True)
    authority_id: UUID
    fact_item_id: UUID
    fact_name: str
    stated_value: str
    proposed_value: str
    evidence: str = ""
    status: str
    proposed_on: date
    reason: str | None = None
    decided_on: date | None = None
    decided_by: str | None = None


class ReportComment(Base, table=True):
    """An expert's invitation to comment on a draft, and the comment."""

    __tablename__ = "report_comment"
    __table_args__ = (Index("uq_report_comment_report_person", "report_id", "person_id", unique=True),)

    report_id: UUID = Field(foreign_key="report.id")
    person_id: UUID = Field(index=True)
    kind: str
    status: str
    invited_on: date
    due_on: date
    due_explanation: str
    text: str | None = Field(default=None, sa_column=Column(Text))
    section_id: UUID | None = None
    given_on: date | None = None
    reason: str | None = None


class KnownRecommendation(Base, table=True):
    """A projection of recommendations: number and state, for the guard of approval; places and addressees, for the wall."""

    __tablename__ = "known_recommendation"

    code: str
    state: str
    place_ids: list[UUID] = _ids()
    authority_ids: list[UUID] = _ids()

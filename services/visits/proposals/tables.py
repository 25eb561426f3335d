"""Proposals to visit a place, each waiting for somebody's decision."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.visits.database import Base
from shared.protection import EVERYTHING, READ_AND_WRITE, Protection, apart_from, institution, is_unseen


class VisitProposal(Base, table=True):
    """A proposal. A table: it has its own state and list."""

    __tablename__ = "visit_proposal"
    __table_args__ = (
        Index("ix_visit_proposal_due_on_id", "due_on", "id"),
        Index("ix_visit_proposal_place_id", "place_id"),
    )

    place_id: UUID = Field(foreign_key="place.id")
    trigger: str
    purpose: str
    rationale: str
    theme: str | None = None
    pattern_id: UUID | None = None
    status: str
    due_on: date
    deferred_until: date | None = None
    decided_by: str | None = None
    decided_on: date | None = None
    last_reason: str = ""
    #: The visit made from it or that took it in. No foreign key: who sees the proposal need not see the visit.
    visit_id: UUID | None = None
    merged_into_id: UUID | None = None


PROTECTIONS = (
    Protection(
        table="visit_proposal",
        policies={"npm": (institution(), apart_from(is_unseen("place_id", "place")))},
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
)

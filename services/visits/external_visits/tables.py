"""Visits of other bodies to places. Whether one is done is told from its dates; it has no machine."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlmodel import Field

from services.visits.database import Base
from shared.protection import EVERYTHING, READ_AND_WRITE, Protection, apart_from, institution, is_any_unseen


def _ids() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(PgUuid(as_uuid=True)), nullable=False))


class ExternalVisit(Base, table=True):
    """A visit of another body. A table: it has its own list, and the check for reprisals hangs on it."""

    __tablename__ = "external_visit"
    __table_args__ = (Index("ix_external_visit_done_on_id", "done_on", "id"),)

    body_id: UUID | None = None
    body_kind: str
    body_name: str = ""
    place_ids: list[UUID] = _ids()
    from_on: date
    to_on: date
    done_on: date | None = None
    cancelled_on: date | None = None
    purpose: str = ""
    is_source_confidential: bool = False
    reprisal_check_due_on: date | None = None
    reprisal_checked_on: date | None = None


PROTECTIONS = (
    Protection(
        table="external_visit",
        policies={"npm": (institution(), apart_from(is_any_unseen("external_visit.place_ids", "place")))},
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
)

"""One row for each name that a source writes to. While it is open, or dropped, the name stands for nobody."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from services.recommendations.database import Base
from shared.protection import EVERYTHING, READ_AND_WRITE, Protection, apart_from, institution, is_excluded_authority


class AddresseeMatch(Base, table=True):
    """A written name of one source and, once known, the authority it stands for. No outer audience reads it."""

    __tablename__ = "addressee_match"
    __table_args__ = (
        UniqueConstraint("source", "name"),
        Index("ix_addressee_match_source_state", "source", "state"),
        Index("ix_addressee_match_folded_id", "folded", "id"),
        Index("ix_addressee_match_uses_id", "uses", "id"),
    )

    source: str
    source_row: str
    name: str
    folded: str
    state: str
    reason: str = ""
    uses: int = 0
    stakeholder_id: UUID | None = Field(default=None, index=True)
    decided_by: str | None = None
    decided_on: date | None = None


PROTECTIONS = (
    Protection(
        table="addressee_match",
        policies={"npm": (institution(), apart_from(is_excluded_authority("stakeholder_id")))},
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
)

"""The columns that say how a matter stands at another body: the same on what a partner sends and on a complaint of former years."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel


class OtherBodyFacts(SQLModel):
    """What the other body says of its own handling; all empty where no other body is known."""

    other_body_reference: str | None = None
    other_body_level: str | None = None
    other_body_received_on: date | None = None
    other_body_due_on: date | None = None
    other_body_is_extended: bool = False
    other_body_answered_on: date | None = None
    other_body_status: str | None = None
    other_body_status_reasons: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), nullable=False)
    other_body_earlier_submissions: int = 0


COLUMNS = tuple(OtherBodyFacts.model_fields)
_MEMBERS: dict[str, Any] = {
    "reference": None, "level": None, "received_on": None, "due_on": None, "extended": False, "answered_on": None, "status": None,
    "status_reasons": [], "earlier_submissions": 0,
}  # fmt: skip
_NAMES = tuple(zip(COLUMNS, _MEMBERS, strict=True))


def columns_of(told: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give the columns for what was told of another body, or for nothing."""
    said = {**_MEMBERS, **told} if told else _MEMBERS
    return {column: said[name] for column, name in _NAMES}

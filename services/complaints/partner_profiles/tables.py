"""How a partner's own codes are read: its theme map and its codes and names of places."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.complaints.database import Base
from shared.protection import EVERYTHING, ORGANISATION, READ_AND_WRITE, Grant, Policy, Protection, has_role


def _parts() -> Any:
    return Field(default_factory=list, sa_column=Column(JSONB, nullable=False))


class PartnerProfile(Base, table=True):
    """What was agreed with one partner. A table: rights of its own; the partner's role reads its own row to match."""

    __tablename__ = "partner_profile"

    partner_id: UUID = Field(unique=True)
    theme_map: list[dict[str, Any]] = _parts()
    place_codes: list[dict[str, Any]] = _parts()
    place_names: list[dict[str, Any]] = _parts()
    mou_id: UUID | None = None
    mou_state: str | None = None
    agreed_on: date | None = None


_UNIT = f"(SELECT {has_role('complaints_officer', 'head')})"

PROTECTIONS = (
    Protection(
        table="partner_profile",
        policies={
            "npm": Policy(condition="institution", using=_UNIT, check=_UNIT),
            "partner": Policy(condition="own_entry", using=f"partner_id = {ORGANISATION}", command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "partner": Grant(select=("id", "partner_id", "theme_map", "place_codes", "place_names")),
            "worker": EVERYTHING,
        },
    ),
)

"""The people of an institution with whom the NPM talks. Never a person held, never a complainant."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.stakeholders.database import Base
from shared.protection import (
    DEPARTMENT,
    EVERYTHING,
    ORGANISATION,
    READ_AND_WRITE,
    Grant,
    Policy,
    Protection,
    apart_from,
    institution,
    is_excluded_authority,
)


class Contact(Base, table=True):
    """Somebody in an institution. A table: its own rights; the institution sees and proposes its own."""

    __tablename__ = "contact"

    stakeholder_id: UUID = Field(foreign_key="stakeholder.id", index=True)
    name: str
    sort_name: str
    post: str = ""
    contact_level: str | None = None
    channels: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    safe_channels: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    position_on_issue: str | None = None
    notes: str | None = None
    designations: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    is_confirmed: bool = True


#: What the institution itself sees of its people; where they stand and what we noted is not among it.
OWN_COLUMNS = (
    "id",
    "stakeholder_id",
    "name",
    "sort_name",
    "post",
    "contact_level",
    "channels",
    "designations",
    "is_confirmed",
)
_PROPOSED_COLUMNS = (
    *OWN_COLUMNS, "created_at", "created_by", "updated_at", "updated_by", "version", "confidentiality", "origin",
)  # fmt: skip
_OWN = f"stakeholder_id = {ORGANISATION} OR stakeholder_id = {DEPARTMENT}"

PROTECTIONS = (
    Protection(
        table="contact",
        policies={
            "npm": (institution(), apart_from(is_excluded_authority("stakeholder_id"))),
            "authority": (
                Policy(condition="own_entry", using=_OWN, command="SELECT"),
                Policy(
                    condition="own_entry",
                    using="false",
                    check=f"stakeholder_id = {ORGANISATION} AND NOT is_confirmed AND confidentiality = 'INT' "  # noqa: S608 - fixed text of a policy
                    "AND EXISTS (SELECT 1 FROM stakeholder s WHERE s.id = stakeholder_id)",
                    command="INSERT",
                ),
            ),
            "partner": Policy(condition="own_entry", using=f"stakeholder_id = {ORGANISATION}", command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "authority": Grant(select=OWN_COLUMNS, insert=_PROPOSED_COLUMNS),
            "partner": Grant(select=OWN_COLUMNS),
        },
    ),
)

"""The directory of institutions and, as columns with rights of their own, how the NPM sees them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.stakeholders.database import Sourced
from shared.protection import (
    DEPARTMENT,
    EVERYTHING,
    EXPERT,
    ORGANISATION,
    READ_AND_WRITE,
    Grant,
    Policy,
    Protection,
    apart_from,
    institution,
    is_excluded_authority,
)


def _parts() -> Any:
    return Field(default_factory=list, sa_column=Column(JSONB, nullable=False))


class Stakeholder(Sourced, table=True):
    """An institution the NPM deals with. A table: it has its own state, rights and list. Parents are a graph."""

    __tablename__ = "stakeholder"
    __table_args__ = (
        Index("ix_stakeholder_sort_name_id", "sort_name", "id"),
        Index("ix_stakeholder_parents", "parents", postgresql_using="gin"),
        Index("uq_stakeholder_source", "source", "source_row", unique=True, postgresql_where="source IS NOT NULL"),
    )

    kind: str
    name: str
    sort_name: str
    abbreviation: str = ""
    former_names: list[dict[str, Any]] = _parts()
    parents: list[dict[str, Any]] = _parts()
    category: str | None = None
    level: str | None = None
    competence: str = ""
    website: str = ""
    founded_on: date | None = None
    closed_on: date | None = None
    successor_ids: list[str] = _parts()
    influence: int | None = None
    openness: int | None = None
    attitude: str | None = None
    strategy: str | None = None
    reviewed_on: date | None = None
    next_review_on: date | None = None
    relation_state: str | None = None
    relation_account: str | None = None
    retained_channel_id: UUID | None = None


#: What leaves to the institution itself; how the NPM sees it is not among it (absent, not null).
_OWN_COLUMNS = ("id", "kind", "name", "abbreviation", "former_names", "category", "competence", "website", "closed_on")

PROTECTIONS = (
    Protection(
        table="stakeholder",
        policies={
            "npm": (institution(), apart_from(is_excluded_authority("id"))),
            "authority": Policy(
                condition="own_entry", using=f"id = {ORGANISATION} OR id = {DEPARTMENT}", command="SELECT"
            ),
            "partner": Policy(condition="own_entry", using=f"id = {ORGANISATION}", command="SELECT"),
            "expert": Policy(
                condition="own_account",
                using=f"EXISTS (SELECT 1 FROM conflict_declaration d WHERE d.target_id = stakeholder.id AND d.person_id = {EXPERT}) "  # noqa: S608 - fixed text of a policy
                f"OR EXISTS (SELECT 1 FROM accreditation a WHERE a.authority_id = stakeholder.id AND a.person_id = {EXPERT})",
                command="SELECT",
            ),
            "service": Policy(condition="institution", using="true", command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "authority": Grant(select=_OWN_COLUMNS),
            "partner": Grant(select=_OWN_COLUMNS),
            "expert": Grant(select=("id", "name")),
            # who hangs under a secondee's origin
            "service": Grant(select=("id", "kind", "parents")),
        },
    ),
)

"""What a team saw and concluded."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.visits.database import Base
from shared.protection import EVERYTHING, PERSON, READ_AND_WRITE, Policy, Protection, has_role


class Finding(Base, table=True):
    """A conclusion about a place. A table: its own rights and list. Never a name, never a single complaint."""

    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_visit_id", "visit_id"),
        Index("uq_finding_source", "visit_id", "source_row", unique=True, postgresql_where="source_row IS NOT NULL"),
    )

    code: str
    visit_id: UUID = Field(foreign_key="visit.id")
    place_id: UUID = Field(foreign_key="place.id")
    theme: str
    text: str
    #: Level and severity are the team's judgement; imported history may say neither, and then they stay empty.
    root_cause_level: str | None = None
    severity: int | None = None
    #: How far a standard is met, where the source grades (imported history).
    grade: str | None = None
    #: The standard that an imported finding is known by within its visit.
    source_row: str | None = None
    sources: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    is_triangulated: bool = False
    warnings: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    standard_refs: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    #: A band, a theme and a period; never a count or a case.
    complaint_evidence: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    recurrence_of: UUID | None = None


_TEAM = f"EXISTS (SELECT 1 FROM visit v WHERE v.id = visit_id AND ({has_role('head')} OR {PERSON} = ANY(v.team)))"  # noqa: S608 - fixed text
#: The team works on findings; others of the NPM read them once the visit is closed.
_TEAM_OR_CLOSED = (
    f"EXISTS (SELECT 1 FROM visit v WHERE v.id = visit_id AND ({has_role('head')} "  # noqa: S608 - fixed text
    f"OR {PERSON} = ANY(v.team) OR v.status = 'closed'))"
)

PROTECTIONS = (
    Protection(
        table="finding",
        policies={
            "npm": (
                Policy(condition="team", using=_TEAM_OR_CLOSED, command="SELECT"),
                Policy(condition="team", using=_TEAM, check=_TEAM, command="INSERT"),
                Policy(condition="team", using=_TEAM, check=_TEAM, command="UPDATE"),
            )
        },
        grants={"npm": READ_AND_WRITE, "worker": EVERYTHING},
    ),
)

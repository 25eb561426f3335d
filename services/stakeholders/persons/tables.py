"""The NPM's own people. A seconded official's origin and everybody's past stand here, because conflicts come from them."""

from datetime import date
from typing import Any

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.stakeholders.database import Sourced
from shared.protection import EVERYTHING, EXPERT, PERSON, READ_AND_WRITE, Grant, Policy, Protection, institution


def _parts() -> Any:
    return Field(default_factory=list, sa_column=Column(JSONB, nullable=False))


class Person(Sourced, table=True):
    """A member, an employee, a secondee or an expert. A table: own rights. No gender, no origin, no belief is kept."""

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_kind_sort_name_id", "kind", "sort_name", "id"),
        Index("uq_person_source", "source", "source_row", unique=True, postgresql_where="source IS NOT NULL"),
    )

    kind: str
    name: str
    sort_name: str
    role: str = ""
    profession: str = ""
    expertise: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    languages: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    background: str = ""
    organisation: str = ""
    mandates: list[dict[str, Any]] = _parts()
    secondment: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    employment_history: list[dict[str, Any]] = _parts()
    trainings: list[dict[str, Any]] = _parts()
    vetting_passed_on: date | None = None


PROTECTIONS = (
    Protection(
        table="person",
        policies={
            "npm": (
                institution(),
                # `me` tells everybody their own name
                Policy(condition="own_account", using=f"id::text = {PERSON}", command="SELECT"),
            ),
            "expert": Policy(condition="own_account", using=f"id = {EXPERT}", command="SELECT"),
            "authority": Policy(
                condition="own_entry",
                using="EXISTS (SELECT 1 FROM accreditation a WHERE a.person_id = person.id)",
                command="SELECT",
            ),
            "service": Policy(
                condition="institution",
                using="kind IN ('expert', 'secondee') OR EXISTS (SELECT 1 FROM account a WHERE a.person_id = person.id)",
                command="SELECT",
            ),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "expert": Grant(select=("id", "name", "profession", "expertise", "languages", "trainings")),
            "authority": Grant(select=("id", "name", "sort_name", "profession")),
            "service": Grant(select=("id", "kind", "trainings", "mandates", "secondment")),
        },
    ),
)

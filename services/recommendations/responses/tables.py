"""The versions of an authority's answer. A draft is visible to its authority alone; what was submitted stays."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.recommendations.database import Base
from shared.protection import EVERYTHING, ORGANISATION, READ_AND_WRITE, Grant, Policy, Protection


class AuthorityResponse(Base, table=True):
    """One version of what an addressee says: a claim of the authority, never a finding."""

    __tablename__ = "authority_response"
    __table_args__ = (
        Index("ix_authority_response_recommendation_id", "recommendation_id"),
        # drafts have no number yet that counts: nobody inside can tell from a gap that one was thrown away
        Index(
            "uq_authority_response_number",
            "addressee_id",
            "number",
            unique=True,
            postgresql_where="state IN ('submitted', 'superseded')",
        ),
        Index("uq_authority_response_draft", "addressee_id", unique=True, postgresql_where="state = 'drafting'"),
        Index("uq_authority_response_valid", "addressee_id", unique=True, postgresql_where="state = 'submitted'"),
    )

    addressee_id: UUID = Field(foreign_key="addressee.id")
    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    authority_id: UUID
    number: int
    state: str
    position: str | None = None
    measures: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    planned_on: date | None = None
    obstacles: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    needs: str = ""
    reasons: str = ""
    claimed_status: str | None = None
    channel: str = "api"
    document_reference: str = ""
    publication: str = "none"
    submitted_on: date | None = None
    was_late: bool = False


_INSIDE = (
    "state IN ('submitted', 'superseded') "
    "AND EXISTS (SELECT 1 FROM recommendation whole WHERE whole.id = authority_response.recommendation_id)"
)
_ASKED_OF_US = "EXISTS (SELECT 1 FROM addressee own WHERE own.id = authority_response.addressee_id AND own.recommendation_id = authority_response.recommendation_id)"
_OWN = f"authority_id = {ORGANISATION} AND {_ASKED_OF_US}"

PROTECTIONS = (
    Protection(
        table="authority_response",
        policies={
            "npm": Policy(condition="institution", using=_INSIDE, check=_INSIDE),
            "authority": (
                Policy(condition="addressed", using=_OWN, command="SELECT"),
                Policy(condition="addressed", using="true", check=f"{_OWN} AND state = 'drafting'", command="INSERT"),
                Policy(
                    condition="addressed",
                    using=f"{_OWN} AND state IN ('drafting', 'submitted')",
                    check=_OWN,
                    command="UPDATE",
                ),
            ),
            "public": Policy(
                condition="published",
                using="state = 'submitted' AND publication <> 'none' "
                "AND EXISTS (SELECT 1 FROM recommendation whole WHERE whole.id = authority_response.recommendation_id)",
                command="SELECT",
            ),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "authority": Grant(select="*", insert="*", update="*"),
            "public": Grant(
                select=(
                    "id",
                    "addressee_id",
                    "recommendation_id",
                    "state",
                    "position",
                    "reasons",
                    "submitted_on",
                    "publication",
                    "authority_id",
                )
            ),
        },
    ),
)

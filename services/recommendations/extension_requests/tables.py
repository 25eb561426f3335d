"""Requests of authorities for more time; only a grant moves a date."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.recommendations.database import Base
from services.recommendations.recommendations.tables import of_visible_recommendation
from shared.protection import EVERYTHING, ORGANISATION, Grant, Policy, Protection


class ExtensionRequest(Base, table=True):
    """More time asked for one answer, and what the NPM decided."""

    __tablename__ = "extension_request"
    __table_args__ = (
        Index("uq_extension_request_open", "addressee_id", unique=True, postgresql_where="state = 'asked'"),
    )

    addressee_id: UUID = Field(foreign_key="addressee.id", index=True)
    recommendation_id: UUID = Field(foreign_key="recommendation.id")
    authority_id: UUID
    state: str
    asked_on: date
    asked_until: date
    reason: str
    granted_until: date | None = None
    decision_reason: str = ""
    decided_on: date | None = None
    decided_by: str | None = None


_OWN = f"authority_id = {ORGANISATION} AND EXISTS (SELECT 1 FROM addressee own WHERE own.id = extension_request.addressee_id AND own.recommendation_id = extension_request.recommendation_id)"  # noqa: S608 - fixed text
_OWN_COLUMNS = (
    "id", "addressee_id", "recommendation_id", "authority_id", "state", "asked_on", "asked_until", "reason", "granted_until",
    "decision_reason", "decided_on", "created_at", "updated_at", "updated_by", "version",
)  # fmt: skip

PROTECTIONS = (
    Protection(
        table="extension_request",
        policies={
            "npm": of_visible_recommendation("extension_request"),
            "authority": (
                Policy(condition="addressed", using=_OWN, command="SELECT"),
                Policy(condition="addressed", using="true", check=f"{_OWN} AND state = 'asked'", command="INSERT"),
                Policy(
                    condition="addressed",
                    using=f"{_OWN} AND state = 'asked'",
                    check=f"{_OWN} AND state = 'withdrawn'",
                    command="UPDATE",
                ),
            ),
        },
        grants={
            "npm": Grant(select="*", update="*"),
            "worker": EVERYTHING,
            "authority": Grant(
                select=_OWN_COLUMNS, insert="*", update=("state", "updated_at", "updated_by", "version")
            ),
        },
    ),
)

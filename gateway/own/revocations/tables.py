"""Ended access: what was named, how it ends, and whether it still does.

Kept for good, lifted or not: it tells afterwards who could come in when.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index
from sqlmodel import Field

from gateway.database import Base
from gateway.own.revocations.rules import KEEPERS
from shared.protection import Grant, Policy, Protection, institution


class AccessRevocation(Base, table=True):
    """One entry of the list."""

    __tablename__ = "access_revocation"
    __table_args__ = (
        Index("ix_access_revocation_created_at_id", "created_at", "id"),
        Index("ix_access_revocation_kind_value", "kind", "value"),
        CheckConstraint("(effect = 'blocked') = (issued_before IS NULL)", name="effect"),
    )

    kind: str
    value: str
    issuer: str = ""
    effect: str
    issued_before: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))
    reason: str
    status: str
    lift_reason: str | None = None
    changed: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    """Numbers every change of the list in the order of commits: copies read on from the last they know."""


_MADE = (
    "id", "created_at", "created_by", "updated_at", "updated_by", "version", "confidentiality", "origin", "kind", "value",
    "issuer", "effect", "issued_before", "reason", "status", "changed",
)  # fmt: skip
_LIFTED = ("updated_at", "updated_by", "version", "status", "lift_reason", "changed")

PROTECTIONS = (
    Protection(
        table="access_revocation",
        policies={
            "npm": institution(*sorted(KEEPERS)),
            # a service reads the list, and ends access where a mandate ends; it lifts nothing
            "service": Policy(condition="institution", using="true", check="status = 'in_force'"),
        },
        grants={
            "npm": Grant(select="*", insert=_MADE, update=_LIFTED),
            "service": Grant(select="*", insert=_MADE),
            "worker": Grant(select="*"),
        },
    ),
)

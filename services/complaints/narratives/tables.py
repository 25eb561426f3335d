"""Sealed texts of a case (S4): the narrative, a partner's answers, reasons. Append-only; the newest narrative counts."""

from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.complaints.complaints.tables import OWN_CASE, RECORDS, VISIBLE_CASE
from services.complaints.database import Base
from shared.protection import EVERYTHING, PERSON, Grant, Policy, Protection, has_role

COLUMNS = (
    "id", "case_id", "kind", "language", "sealed_text", "created_at", "created_by", "updated_at", "updated_by", "version",
    "confidentiality", "origin",
)  # fmt: skip


class CaseText(Base, table=True):
    """One text under the key of its case. A table: rights of its own; a partner may add and never read."""

    __tablename__ = "case_text"
    __table_args__ = (Index("ix_case_text_case_id", "case_id"),)

    case_id: UUID
    kind: str
    language: str = ""
    sealed_text: bytes = Field()


#: The policies of the complaint hold inside: no case, no text.
_READS = f"({has_role('head', 'complaints_officer')}) AND {VISIBLE_CASE}"

PROTECTIONS = (
    Protection(
        table="case_text",
        policies={
            "npm": (
                Policy(condition="assigned", using=_READS, command="SELECT"),
                Policy(condition="none", using="false", check=f"{RECORDS} AND created_by = {PERSON}", command="INSERT"),
            ),
            "partner": Policy(condition="own_submission", using="false", check=OWN_CASE, command="INSERT"),
        },
        grants={
            "npm": Grant(select="*", insert="*"),
            "partner": Grant(insert=COLUMNS),
            "worker": EVERYTHING,
        },
    ),
)

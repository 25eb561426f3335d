"""Experts' comments on drafts: the invitation and what was said, and who sees them."""

from datetime import date
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from services.visits.database import Base
from services.visits.places.tables import IS_EXCLUDED
from services.visits.reports.tables import CHANGED, OF_A_VISIBLE_REPORT
from services.visits.visits.tables import own_conflict
from shared.protection import (
    EVERYTHING,
    EXCLUDED_PLACES,
    EXPERT,
    READ_AND_WRITE,
    Grant,
    Policy,
    Protection,
    is_any_excluded_matter,
)


class ReportComment(Base, table=True):
    """An expert's invitation to comment on a draft, and the comment."""

    __tablename__ = "report_comment"
    __table_args__ = (Index("uq_report_comment_report_person", "report_id", "person_id", unique=True),)

    report_id: UUID = Field(foreign_key="report.id")
    person_id: UUID = Field(index=True)
    kind: str
    status: str
    invited_on: date
    due_on: date
    due_explanation: str
    text: str | None = Field(default=None, sa_column=Column(Text))
    section_id: UUID | None = None
    given_on: date | None = None
    reason: str | None = None


_INVITED = f"person_id = {EXPERT} AND status IN ('invited', 'given') AND due_on >= a22_today()"
_OWN_COMMENT = f"person_id = {EXPERT} AND status <> 'withdrawn' AND NOT is_kept_report(report_id)"
#: Whether a report is about what a conflict keeps the calling expert from, by the list handed on or by what is on record here.
#: It looks past the policies of report and place, since report and comment ask for each other; it tells nothing but this.
_IS_KEPT_REPORT = f"""
CREATE OR REPLACE FUNCTION is_kept_report(report_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM report r WHERE r.id = is_kept_report.report_id AND ({is_any_excluded_matter("r.visit_ids")}
    OR EXISTS (SELECT 1 FROM unnest(r.place_ids) AS one LEFT JOIN place ON place.id = one WHERE one::text = ANY({EXCLUDED_PLACES})
      OR ({IS_EXCLUDED}) OR {own_conflict(place="one", operator="place.operator_id", visit="c.target_id = ANY(r.visit_ids)")})))
$$"""  # noqa: S608 - fixed text
FUNCTIONS = (
    _IS_KEPT_REPORT,
    "REVOKE EXECUTE ON FUNCTION is_kept_report(uuid) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION is_kept_report(uuid) TO visits_expert",
)

PROTECTIONS = (
    Protection(
        table="report_comment",
        policies={
            "npm": Policy(condition="team", using=OF_A_VISIBLE_REPORT, check=OF_A_VISIBLE_REPORT),
            "expert": (
                Policy(condition="author", using=_OWN_COMMENT, command="SELECT"),
                Policy(
                    condition="author",
                    using=_INVITED,
                    check=f"person_id = {EXPERT} AND status IN ('given', 'declined')",
                    command="UPDATE",
                ),
            ),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "expert": Grant(
                select=(
                    "id", "report_id", "person_id", "kind", "status", "invited_on", "due_on", "due_explanation", "text",
                    "section_id", "given_on", "version",
                ),
                update=("kind", "status", "text", "section_id", "given_on", *CHANGED),
            ),
        },
    ),
)  # fmt: skip

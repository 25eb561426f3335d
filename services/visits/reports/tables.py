"""Reports, what was frozen of them for whom, and what outsiders said: corrections of facts, experts' comments.

A frozen row's content never changes; only its state does.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlmodel import Field

from services.visits.database import Base
from shared.protection import (
    AT_WORK,
    EVERYTHING,
    EXPERT,
    ORGANISATION,
    PERSON,
    READ_AND_WRITE,
    Grant,
    Policy,
    Protection,
    apart_from,
    for_the_npm_alone,
    has_role,
    institution,
    is_any_excluded_authority,
    is_any_unseen,
    is_excluded_authority,
)


def _ids() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(PgUuid(as_uuid=True)), nullable=False))


def _parts() -> Any:
    return Field(default_factory=list, sa_column=Column(JSONB, nullable=False))


class Report(Base, table=True):
    """A report of the NPM, as it is being written and as it stands. Outsiders never read this row but through a snapshot."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_updated_at_id", "updated_at", "id"),)

    code: str = Field(unique=True)
    kind: str
    title: str
    status: str
    edition: int = 1
    drafter_id: UUID
    visit_ids: list[UUID] = _ids()
    place_ids: list[UUID] = _ids()
    sections: list[dict[str, Any]] = _parts()
    annex: list[dict[str, Any]] = _parts()
    fact_items: list[dict[str, Any]] = _parts()
    finding_ids: list[UUID] = _ids()
    recommendation_ids: list[UUID] = _ids()
    errata: list[dict[str, Any]] = _parts()
    remarks: list[dict[str, Any]] = _parts()
    approved_by: str | None = None
    approved_on: date | None = None
    transmitted_on: date | None = None
    published_on: date | None = None
    withheld_reason: str | None = None
    withheld_review_on: date | None = None


class ReportSnapshot(Base, table=True):
    """A frozen version of a report for one recipient, without annex and authors. A draft's transmission is this row."""

    __tablename__ = "report_snapshot"
    __table_args__ = (
        Index("ix_report_snapshot_report_id", "report_id"),
        Index("ix_report_snapshot_recipient_id", "recipient_id", "sent_on", "id"),
        Index("uq_report_snapshot_public", "report_id", unique=True, postgresql_where=text("is_public")),
        Index(
            "uq_report_snapshot_open_draft",
            "report_id",
            "recipient_id",
            unique=True,
            postgresql_where=text("status = 'sent'"),
        ),
    )

    report_id: UUID = Field(foreign_key="report.id")
    edition: int
    purpose: str
    code: str
    kind: str
    title: str
    content: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    recipient_id: UUID | None = None
    status: str | None = None
    sent_on: date
    due_on: date | None = None
    deadline: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    due_explanation: str | None = None
    answered_on: date | None = None
    recall_reason: str | None = None
    published_on: date | None = None
    is_public: bool = False


class FactualCorrection(Base, table=True):
    """What an authority proposes for one fact item of a draft that it was sent, and what the NPM decided."""

    __tablename__ = "factual_correction"
    __table_args__ = (Index("ix_factual_correction_report_id", "report_id"),)

    report_id: UUID = Field(foreign_key="report.id")
    snapshot_id: UUID = Field(foreign_key="report_snapshot.id", index=True)
    authority_id: UUID
    fact_item_id: UUID
    fact_name: str
    stated_value: str
    proposed_value: str
    evidence: str = ""
    status: str
    proposed_on: date
    reason: str | None = None
    decided_on: date | None = None
    decided_by: str | None = None


class KnownRecommendation(Base, table=True):
    """A projection of recommendations: number and state, for the guard of approval; places and addressees, for the wall."""

    __tablename__ = "known_recommendation"

    code: str
    state: str
    place_ids: list[UUID] = _ids()
    authority_ids: list[UUID] = _ids()


_TEAM = f"""{AT_WORK} AND (status IN ('approved', 'transmitted', 'published', 'withheld')
  OR {has_role("head", "member")} OR drafter_id::text = {PERSON} OR created_by = {PERSON}
  OR ({has_role("staff", "secondee")} AND cardinality(visit_ids) = 0)
  OR EXISTS (SELECT 1 FROM visit_role v WHERE v.visit_id = ANY(visit_ids) AND v.person_id::text = {PERSON}))"""  # noqa: S608 - fixed text
OF_A_VISIBLE_REPORT = "EXISTS (SELECT 1 FROM report r WHERE r.id = report_id)"
#: An invited expert, while the period is open; through the wall of `visit`, on the team and accredited; and without a
#: conflict about its places, whether the report is about visits or not.
_COMMENT_OPEN = f"""status IN ('drafting', 'internal_review', 'cleared', 'with_authorities', 'corrections_review') AND EXISTS (
  SELECT 1 FROM report_comment c WHERE c.report_id = report.id AND c.person_id = {EXPERT}
    AND c.status IN ('invited', 'given') AND c.due_on >= a22_today())
  AND (cardinality(visit_ids) = 0 OR EXISTS (SELECT 1 FROM visit x WHERE x.id = ANY(visit_ids)))
  AND NOT is_kept_report(report.id)"""  # noqa: S608 - fixed text
_ADDRESSED = f"""recipient_id = {ORGANISATION} AND purpose IN ('draft_shared', 'transmitted', 'corrected')
  AND status IS DISTINCT FROM 'recalled'"""
_CORRECTABLE = f"""authority_id = {ORGANISATION} AND status = 'proposed' AND EXISTS (
  SELECT 1 FROM report_snapshot s WHERE s.id = snapshot_id AND s.report_id = factual_correction.report_id
    AND s.recipient_id = {ORGANISATION} AND s.purpose = 'draft_shared' AND s.status = 'sent' AND s.due_on >= a22_today()
    AND s.content -> 'fact_items' @> jsonb_build_array(jsonb_build_object('id', fact_item_id::text)))"""  # noqa: S608 - fixed text

#: A recommendation about a place that the caller is kept from, or sent to such an authority.
_RECOMMENDATION_CONCERNS = (
    f"{is_any_unseen('known_recommendation.place_ids', 'place')} OR {is_any_excluded_authority('authority_ids')}"
)
#: About a place or a visit that the caller is kept from, or sent to such an authority.
_CONCERNS = (
    f"{is_any_unseen('report.place_ids', 'place')} OR went_to_excluded(report.id) "  # noqa: S608 - fixed text
    "OR EXISTS (SELECT 1 FROM unnest(report.visit_ids) AS one WHERE goes_to_excluded(one))"
)
#: It looks past the policies of the snapshots, because those ask for the report; it tells nothing but this.
_WENT_TO_EXCLUDED = f"""
CREATE OR REPLACE FUNCTION went_to_excluded(report_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM report_snapshot s WHERE s.report_id = went_to_excluded.report_id
    AND {is_excluded_authority("s.recipient_id")})
$$"""  # noqa: S608 - fixed text
FUNCTIONS = (_WENT_TO_EXCLUDED, *for_the_npm_alone("visits", "went_to_excluded(uuid)"))

_STAMPS = ("created_at", "created_by", "updated_at", "updated_by", "version", "confidentiality", "origin")
_RECEIVED = (
    "id", "report_id", "purpose", "code", "kind", "title", "content", "recipient_id", "status", "sent_on", "due_on",
    "due_explanation", "answered_on", "version",
)  # fmt: skip
_OWN_CORRECTION = (
    "id", "report_id", "snapshot_id", "authority_id", "fact_item_id", "fact_name", "stated_value", "proposed_value",
    "evidence", "status", "proposed_on",
)  # fmt: skip
CHANGED = ("updated_at", "updated_by", "version")

PROTECTIONS = (
    Protection(
        table="known_recommendation",
        policies={"npm": (institution(), apart_from(_RECOMMENDATION_CONCERNS))},
        grants={"npm": Grant(select="*"), "worker": EVERYTHING},
    ),
    Protection(
        table="report",
        policies={
            "npm": (Policy(condition="team", using=_TEAM, check=_TEAM), apart_from(_CONCERNS)),
            "expert": Policy(condition="expert_on_visit", using=_COMMENT_OPEN, command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "expert": Grant(
                select=("id", "code", "kind", "title", "status", "sections", "fact_items", "visit_ids", "place_ids")
            ),
        },
    ),
    Protection(
        table="report_snapshot",
        policies={
            "npm": (
                Policy(condition="team", using=OF_A_VISIBLE_REPORT, check=OF_A_VISIBLE_REPORT),
                apart_from(is_excluded_authority("recipient_id")),
            ),
            "authority": (
                Policy(condition="addressed", using=_ADDRESSED, command="SELECT"),
                Policy(
                    condition="addressed",
                    using=f"{_ADDRESSED} AND purpose = 'draft_shared' AND status = 'sent'",
                    check=f"recipient_id = {ORGANISATION} AND status = 'answered'",
                    command="UPDATE",
                ),
            ),
            "public": Policy(condition="published", using="is_public", command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "authority": Grant(select=_RECEIVED, update=("status", "answered_on", *CHANGED)),
            "public": Grant(select=("report_id", "code", "kind", "title", "content", "published_on", "is_public")),
        },
    ),
    Protection(
        table="factual_correction",
        policies={
            "npm": (
                Policy(condition="team", using=OF_A_VISIBLE_REPORT, check=OF_A_VISIBLE_REPORT),
                apart_from(is_excluded_authority("authority_id")),
            ),
            "authority": (
                Policy(condition="own_submission", using=f"authority_id = {ORGANISATION}", command="SELECT"),
                Policy(condition="addressed", using="false", check=_CORRECTABLE, command="INSERT"),
                Policy(
                    condition="own_submission",
                    using=f"authority_id = {ORGANISATION} AND status = 'proposed'",
                    check=f"authority_id = {ORGANISATION} AND status = 'withdrawn'",
                    command="UPDATE",
                ),
            ),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "authority": Grant(
                select=(*_OWN_CORRECTION, "reason", "decided_on", "version"),
                insert=(*_OWN_CORRECTION, *_STAMPS),
                update=("status", *CHANGED),
            ),
        },
    ),
)  # fmt: skip

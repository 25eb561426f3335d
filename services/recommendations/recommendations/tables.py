"""Recommendations, and what experts say of their drafts.

What an authority claims is never kept here: it stands in the authority's own answers.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlmodel import Field

from services.recommendations.database import Base
from shared.protection import (
    EVERYTHING,
    EXCLUDED_AUTHORITIES,
    EXCLUDED_PLACES,
    EXPERT,
    READ_AND_WRITE,
    Grant,
    Policy,
    Protection,
    apart_from,
    institution,
    is_any_excluded_authority,
    is_any_unseen,
)


def _words() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))


def _ids() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(PgUuid(as_uuid=True)), nullable=False))


class Recommendation(Base, table=True):
    """What the NPM asks to be changed, from the draft to the end of its follow-up."""

    __tablename__ = "recommendation"
    __table_args__ = (
        Index("ix_recommendation_state_id", "state", "id"),
        Index("ix_recommendation_transmitted_on_id", sql("coalesce(transmitted_on, '-infinity'::date)"), "id"),
        Index("ix_recommendation_published_on_id", "published_on", "id"),
        Index("ix_recommendation_updated_at_id", "updated_at", "id"),
        Index("uq_recommendation_source", "source", "source_row", unique=True, postgresql_where="source IS NOT NULL"),
    )

    code: str = Field(unique=True)
    text: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    rationale: str = ""
    expected_result: str = ""
    arose_from: str = "visit"
    visit_id: UUID | None = Field(default=None, index=True)
    report_id: UUID | None = Field(default=None, index=True)
    finding_ids: list[UUID] = _ids()
    pattern_id: UUID | None = None
    stated_basis: str = ""
    scope_kind: str | None = None
    place_ids: list[UUID] = _ids()
    place_types: list[str] = _words()
    regions: list[str] = _words()
    theme: str | None = None
    more_themes: list[str] = _words()
    priority: str = "medium"
    horizon: str | None = None
    root_cause_level: str | None = None
    kind: str = "practice"
    quality: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    state: str
    implementation_status: str | None = None
    next_follow_up_on: date | None = None
    implementation_due: date | None = None
    transmitted_on: date | None = None
    published_on: date | None = None
    closed_on: date | None = None
    closed_reason: str = ""
    withdrawal_reason: str = ""
    superseded_by_id: UUID | None = Field(default=None, foreign_key="recommendation.id")
    remarks: str = ""
    proposed_by: str | None = None
    approved_by: str | None = None
    signal_level: str = "none"
    signal_count_band: str = ""
    signal_as_of: date | None = None
    last_event_on: date
    follow_up_told_for: date | None = None
    #: Everybody addressed, kept here so that a row policy can judge without asking the addressees' own policy.
    addressed_ids: list[UUID] = _ids()
    #: Addressees as an imported source writes them, in its order, repeated ones repeated; no authority sees them.
    written_addressees: list[str] = _words()
    reported_replies: int | None = None
    reported_as_of: date | None = None
    answer_days: int | None = None
    source: str | None = None
    source_row: str | None = None
    source_note: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))


class DraftComment(Base, table=True):
    """What an expert of the visit says of a draft; it never alters the text."""

    __tablename__ = "draft_comment"

    recommendation_id: UUID = Field(foreign_key="recommendation.id", index=True)
    expert_id: UUID
    text: str
    commented_on: date


#: What an addressee is told of a recommendation; assessments, signals, evidence and grounds stay inside.
TOLD_COLUMNS = (
    "id", "code", "text", "rationale", "expected_result", "scope_kind", "place_ids", "place_types", "regions", "theme",
    "more_themes", "priority", "horizon", "kind", "state", "implementation_due", "transmitted_on", "published_on",
    "withdrawal_reason",
)  # fmt: skip
_PUBLIC_COLUMNS = (
    "id", "code", "text", "scope_kind", "place_ids", "place_types", "regions", "theme", "more_themes", "kind", "state",
    "implementation_status", "transmitted_on", "published_on", "closed_on",
)  # fmt: skip
_EXPERT_COLUMNS = (*TOLD_COLUMNS, "visit_id")
_DRAFTS = "('draft', 'internal_review', 'draft_consultation')"

_NO_CONFLICT = (
    f"NOT addressed_ids::text[] && {EXCLUDED_AUTHORITIES} AND NOT place_ids::text[] && {EXCLUDED_PLACES} "
    "AND NOT came_from_excluded(visit_id, report_id)"
)
#: From a visit or a report that the caller is kept from, sent to an authority that the caller is kept from, or about a place that it runs.
_CONCERNS = (
    f"{is_any_excluded_authority('recommendation.addressed_ids')} "
    f"OR {is_any_unseen('recommendation.place_ids', 'known_place')} "
    "OR came_from_excluded(recommendation.visit_id, recommendation.report_id)"
)


def of_visible_recommendation(table: str) -> Policy:
    """Write the npm policy of a table whose rows belong to a recommendation: seen with it, written with it."""
    seen = f"EXISTS (SELECT 1 FROM recommendation whole WHERE whole.id = {table}.recommendation_id)"  # noqa: S608 - fixed text
    return Policy(condition="institution", using=seen, check=seen)


_OWN_ON_DRAFT = f"expert_id = {EXPERT} AND EXISTS (SELECT 1 FROM recommendation draft WHERE draft.id = draft_comment.recommendation_id AND draft.state IN {_DRAFTS})"  # noqa: S608 - fixed text
_ON_TEAM = f"EXISTS (SELECT 1 FROM visit_team t WHERE t.visit_id = recommendation.visit_id AND t.expert_id = {EXPERT})"  # noqa: S608 - fixed text

PROTECTIONS = (
    Protection(
        table="recommendation",
        policies={
            "npm": (institution(), apart_from(_CONCERNS)),
            "authority": Policy(
                condition="addressed",
                using="transmitted_on IS NOT NULL AND EXISTS (SELECT 1 FROM addressee own WHERE own.recommendation_id = recommendation.id)",
                command="SELECT",
            ),
            "expert": Policy(
                condition="expert_on_visit",
                using=f"state <> 'dropped' AND {_ON_TEAM} AND {_NO_CONFLICT}",
                command="SELECT",
            ),
            "public": Policy(condition="published", using="published_on IS NOT NULL", command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "authority": Grant(select=TOLD_COLUMNS),
            "expert": Grant(select=_EXPERT_COLUMNS),
            "public": Grant(select=_PUBLIC_COLUMNS),
        },
    ),
    Protection(
        table="draft_comment",
        policies={
            "npm": of_visible_recommendation("draft_comment"),
            "expert": Policy(
                condition="author",
                using=f"expert_id = {EXPERT}",
                check=_OWN_ON_DRAFT,
            ),
        },
        grants={
            "npm": Grant(select="*"),
            "worker": EVERYTHING,
            "expert": Grant(select="*", insert="*"),
        },
    ),
)

"""What an expert sees of the recommendations of visits of which they are on the team."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.recommendations.recommendations.rules import Horizon, Priority, RecommendationKind, RecommendationState
from services.recommendations.recommendations.schemas.npm import RecommendationScopeShown
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown
from shared.themes import Theme


class ExpertRecommendationFilters(Paging):
    """How to narrow and order the recommendations of your visits."""

    visit_id: UUID | None = None
    """Out of this visit."""
    state: Annotated[list[RecommendationState], Field(max_length=10)] | None = None
    """Any of these states."""
    sort: Literal["code", "-code"] = "code"
    """The order."""


class ExpertCommentCreate(Sent):
    """A comment on a draft; the text stays the NPM's."""

    text: ShortText
    """What you say of the draft. Name nobody you spoke to."""


class ExpertComment(Shown):
    """A comment of your own on a draft."""

    id: UUID
    text: str
    commented_on: Day


class ExpertRecommendationSummary(Shown):
    """A recommendation of a visit of yours, in a list."""

    id: UUID
    code: str
    text: dict[str, str]
    state: RecommendationState
    theme: Theme | None
    visit_id: UUID


class ExpertRecommendationPage(Shown):
    """A page of recommendations of your visits."""

    items: list[ExpertRecommendationSummary]
    next_cursor: str | None
    count: int | None = None


class ExpertRecommendation(Shown):
    """A recommendation of a visit of yours, drafts included."""

    id: UUID
    code: str
    text: dict[str, str]
    rationale: str
    expected_result: str
    scope: RecommendationScopeShown
    theme: Theme | None
    more_themes: list[Theme]
    priority: Priority
    horizon: Horizon | None
    kind: RecommendationKind
    state: RecommendationState
    visit_id: UUID
    transmitted_on: Day | None
    published_on: Day | None
    addressees: list[Reference]
    comments: list[ExpertComment]

"""What everybody sees of published recommendations."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.recommendations.recommendations.rules import (
    ImplementationStatus,
    RecommendationKind,
    RecommendationState,
)
from services.recommendations.recommendations.schemas.npm import RecommendationScopeShown
from services.recommendations.responses.rules import ResponsePosition
from shared.paging import Paging
from shared.schemas import Day, Reference, SearchText, Shown
from shared.themes import Theme


class PublicRecommendationFilters(Paging):
    """How to narrow and order published recommendations."""

    theme: Annotated[list[Theme], Field(max_length=80)] | None = None
    """Any of these themes."""
    authority_id: UUID | None = None
    """Addressed to this authority."""
    place_id: UUID | None = None
    """About this place."""
    implementation_status: Annotated[list[ImplementationStatus], Field(max_length=10)] | None = None
    """Any of these findings of the NPM."""
    q: SearchText | None = None
    """Words of the text or the code."""
    sort: Literal["code", "-code", "-published_on"] = "-published_on"
    """The order."""


class PublicRecommendationSummary(Shown):
    """A published recommendation in a list."""

    id: UUID
    code: str
    text: dict[str, str]
    theme: Theme | None
    addressees: list[Reference]
    state: RecommendationState
    implementation_status: ImplementationStatus | None
    published_on: Day


class PublicRecommendationPage(Shown):
    """A page of published recommendations."""

    items: list[PublicRecommendationSummary]
    next_cursor: str | None
    count: int | None = None


class PublicAnswer(Shown):
    """An authority's answer as far as it is published."""

    authority: Reference
    position: ResponsePosition | None
    submitted_on: Day | None
    reasons: str | None
    """The reasons, where the whole answer is published."""


class PublicRecommendation(Shown):
    """A published recommendation."""

    id: UUID
    code: str
    text: dict[str, str]
    scope: RecommendationScopeShown
    theme: Theme | None
    more_themes: list[Theme]
    kind: RecommendationKind
    addressees: list[Reference]
    state: RecommendationState
    implementation_status: ImplementationStatus | None
    """The NPM's own finding; null until there is one."""
    transmitted_on: Day
    published_on: Day
    closed_on: Day | None
    answers: list[PublicAnswer]

"""What an authority sees of the recommendations that were sent to it: never an assessment, a signal or a ground."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.recommendations.addressees.schemas import ResponseDeadline
from services.recommendations.recommendations.rules import Horizon, Priority, RecommendationKind, RecommendationState
from services.recommendations.recommendations.schemas.npm import RecommendationScopeShown
from services.recommendations.responses.rules import AddresseeRole, AskedPart, ResponseState
from shared.paging import Paging
from shared.schemas import Day, Shown
from shared.themes import Theme


class AuthorityRecommendationFilters(Paging):
    """How to narrow and order what was sent to you."""

    response_state: Annotated[list[ResponseState], Field(max_length=10)] | None = None
    """Your answer is in any of these states."""
    theme: Annotated[list[Theme], Field(max_length=80)] | None = None
    """Any of these themes."""
    is_overdue: bool | None = None
    """Your answer is owed and the day has passed."""
    sort: Literal["due_on", "-due_on", "code", "-code"] = "due_on"
    """The order."""


class AuthorityRecommendationSummary(Shown):
    """A recommendation in the authority's list."""

    id: UUID
    code: str
    text: dict[str, str]
    state: RecommendationState
    theme: Theme | None
    priority: Priority
    role: AddresseeRole
    response_state: ResponseState
    transmitted_on: Day
    due_on: Day | None
    is_overdue: bool


class AuthorityRecommendationPage(Shown):
    """A page of what was sent to the authority."""

    items: list[AuthorityRecommendationSummary]
    next_cursor: str | None
    count: int | None = None


class AuthorityClarification(Shown):
    """A question that the NPM asked back."""

    question: str
    asked_on: Day
    answered_on: Day | None


class AuthorityRecommendation(Shown):
    """A recommendation as it was sent to the authority, with its own deadline."""

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
    transmitted_on: Day
    published_on: Day | None
    implementation_due: Day | None
    withdrawal_reason: str
    role: AddresseeRole
    response_state: ResponseState
    asked_parts: list[AskedPart]
    requested_on: Day
    due_on: Day | None
    deadline: ResponseDeadline | None
    is_overdue: bool
    answered_on: Day | None
    clarifications: list[AuthorityClarification]

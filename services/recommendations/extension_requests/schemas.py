"""What authorities and the NPM send and see about requests for more time."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.recommendations.extension_requests.rules import ExtensionRequestAction, ExtensionRequestState
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown


class AuthorityExtensionRequestCreate(Sent):
    """A request for more time; the date stands until the NPM grants it."""

    asked_until: Day
    """Until when; after the due date."""
    reason: ShortText
    """Why more time is needed."""


class AuthorityExtensionRequestTransition(Sent):
    """An act on the authority's own request."""

    action: Literal["withdraw"]
    """Take it back."""


class AuthorityExtensionRequestFilters(Paging):
    """How to order one's requests."""

    sort: Literal["asked_on", "-asked_on"] = "-asked_on"
    """The order."""


class AuthorityExtensionRequest(Shown):
    """A request of the authority for more time, and what the NPM decided."""

    id: UUID
    state: ExtensionRequestState
    asked_on: Day
    asked_until: Day
    reason: str
    granted_until: Day | None
    decision_reason: str
    decided_on: Day | None
    allowed_actions: list[ExtensionRequestAction]


class AuthorityExtensionRequestPage(Shown):
    """A page of the authority's requests."""

    items: list[AuthorityExtensionRequest]
    next_cursor: str | None
    count: int | None = None


class ExtensionRequestTransition(Sent):
    """The NPM's decision on a request for more time."""

    action: ExtensionRequestAction
    """Grant or refuse."""
    until: Day | None = None
    """The new date: the one asked for if left out, or the NPM's own."""
    reason: ShortText | None = None
    """Why; the authority reads it."""


class ExtensionRequestFilters(Paging):
    """How to narrow and order requests."""

    state: Annotated[list[ExtensionRequestState], Field(max_length=4)] | None = None
    """Any of these states."""
    authority_id: UUID | None = None
    """Of this authority."""
    sort: Literal["asked_on", "-asked_on"] = "-asked_on"
    """The order."""


class ExtensionRequest(Shown):
    """A request for more time with the answer it is about."""

    id: UUID
    authority: Reference
    recommendation: Reference
    response_id: UUID
    state: ExtensionRequestState
    asked_on: Day
    asked_until: Day
    due_on: Day | None
    """The date that holds now."""
    reason: str
    granted_until: Day | None
    decision_reason: str
    decided_on: Day | None
    decided_by: Reference | None
    allowed_actions: list[ExtensionRequestAction]


class ExtensionRequestPage(Shown):
    """A page of requests for more time."""

    items: list[ExtensionRequest]
    next_cursor: str | None
    count: int | None = None

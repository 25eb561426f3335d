"""What the NPM sends and sees about referrals from partners. Never a name, never the narrative."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.complaints.complaint_referrals.rules import (
    ComplaintReferralAction,
    ComplaintReferralState,
    DeclineReason,
)
from services.complaints.complaints.rules import ComplaintKind, SourceRole
from services.complaints.other_bodies.schemas import OtherBodyFilters, OtherBodyShown
from services.complaints.partner_profiles.schemas import ThemeMapped
from shared.schemas import Day, Reference, Sent, ShortText, Shown
from shared.themes import Theme


class ComplaintReferralTransition(Sent):
    """A step of a referral; each action names what it needs."""

    action: ComplaintReferralAction
    """What to do."""
    question: ShortText | None = None
    """For `request_clarification`: what the partner is asked. The partner reads it; name nobody."""
    decline_reason: DeclineReason | None = None
    """For `decline`."""
    concluded_note: ShortText | None = None
    """For `conclude`: what the partner may be told; name nobody."""
    place_id: UUID | None = None
    """For `map`: the place that is meant."""
    authority_id: UUID | None = None
    """For `map`: the authority, where no place is meant."""
    themes: Annotated[list[ThemeMapped], Field(max_length=10)] = []
    """For `map`: what the codes mean."""
    is_kept: bool = True
    """For `map`: keep it in the partner's profile, for all that wait and all that come."""


class ComplaintReferralFilters(OtherBodyFilters):
    """How to narrow and order the rota."""

    state: Annotated[list[ComplaintReferralState], Field(max_length=7)] | None = None
    """Any of these states; `needs_mapping` is the queue."""
    partner_id: UUID | None = None
    """From this partner."""
    external_id: Annotated[str, Field(max_length=100)] | None = None
    """The partner's own id."""
    sort: Literal["received_on", "-received_on"] = "received_on"
    """The order."""


class ThemeCodeShown(Shown):
    """A theme as the partner wrote it."""

    code: str
    label: str


class ComplaintReferralSummary(Shown):
    """A referral in a list."""

    id: UUID
    external_id: str
    partner: Reference
    state: ComplaintReferralState
    received_on: Day
    kind: ComplaintKind
    themes: list[Theme]
    place: Reference | None
    urgency_hint: str | None
    unmapped_codes: list[str]
    is_place_resolved: bool
    other_body: OtherBodyShown | None
    is_other_body_timely: bool | None
    is_other_body_overdue: bool


class ComplaintReferralPage(Shown):
    """A page of referrals."""

    items: list[ComplaintReferralSummary]
    next_cursor: str | None
    count: int | None = None


class ComplaintReferral(Shown):
    """A referral as the NPM works with it."""

    id: UUID
    external_id: str
    partner: Reference
    state: ComplaintReferralState
    status_on: Day
    received_on: Day
    complaint: Reference | None
    """The complaint that it became; reading that one needs an assignment."""
    place_as_sent: dict[str, Any] | None
    """How the partner named the place."""
    place: Reference | None
    present_place: Reference | None
    authority: Reference | None
    is_place_resolved: bool
    kind: ComplaintKind
    themes_as_sent: list[ThemeCodeShown]
    themes: list[Theme]
    unmapped_codes: list[str]
    incident: dict[str, Any] | None
    source_role: SourceRole
    group_size: int
    anonymous: bool
    seriousness_hint: str | None
    urgency_hint: str | None
    reprisal_fear: bool
    person_count: int
    consent: dict[str, Any]
    other_body: OtherBodyShown | None
    is_other_body_timely: bool | None
    is_other_body_overdue: bool
    question: str | None
    decline_reason: DeclineReason | None
    concluded_note: str | None
    allowed_actions: list[ComplaintReferralAction]

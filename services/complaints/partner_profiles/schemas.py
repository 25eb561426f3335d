"""What the NPM sends and sees about a partner's codes."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from shared.paging import Paging
from shared.schemas import Code, Day, Name, Reference, Sent, Shown
from shared.themes import Theme


class ThemeMapped(Sent):
    """What a partner's code means to us."""

    code: Code
    """The partner's code."""
    label: Annotated[str, Field(max_length=200)] = ""
    """What the partner calls it."""
    theme: Theme | Literal["ignore"]
    """Our theme; `ignore` says that the code carries none."""


class PlaceCodeMapped(Sent):
    """Which place a partner's code means."""

    code: Code
    """The partner's code."""
    place_id: UUID
    """The place."""


class PlaceNameMapped(Sent):
    """Which place a partner's name means."""

    name: Name
    """The name as the partner writes it."""
    region: Annotated[str, Field(max_length=200)]
    """The region as the partner writes it."""
    place_id: UUID
    """The place."""


ThemeMap = Annotated[list[ThemeMapped], Field(max_length=1000)]
PlaceCodes = Annotated[list[PlaceCodeMapped], Field(max_length=10_000)]
PlaceNames = Annotated[list[PlaceNameMapped], Field(max_length=10_000)]


class PartnerProfileCreate(Sent):
    """What was agreed with a partner."""

    partner_id: UUID
    """The partner body."""
    theme_map: ThemeMap = []
    """Its theme codes."""
    place_codes: PlaceCodes = []
    """Its codes of places."""
    place_names: PlaceNames = []
    """Its names of places."""
    agreed_on: Day | None = None
    """When it was agreed."""


class PartnerProfileUpdate(Sent):
    """A change of what was agreed; whatever waits for it is looked at anew at once."""

    theme_map: ThemeMap | MISSING = MISSING
    """The whole map."""
    place_codes: PlaceCodes | MISSING = MISSING
    """All codes of places."""
    place_names: PlaceNames | MISSING = MISSING
    """All names of places."""
    agreed_on: Day | MISSING | None = MISSING
    """When it was agreed."""


class PartnerProfileFilters(Paging):
    """How to order the profiles."""

    sort: Literal["created_at"] = "created_at"
    """The order."""


class UnmappedCode(Shown):
    """A code that nobody has mapped yet, and how many referrals wait for it."""

    code: str
    waiting: int


class PartnerProfile(Shown):
    """What was agreed with a partner, and what waits to be mapped."""

    id: UUID
    partner: Reference
    theme_map: list[ThemeMapped]
    place_codes: list[PlaceCodeMapped]
    place_names: list[PlaceNameMapped]
    mou_state: str | None
    agreed_on: Day | None
    unmapped: list[UnmappedCode]
    """Codes in referrals that wait."""
    waiting_for_place: int
    """How many referrals wait for a place."""


class PartnerProfileSummary(Shown):
    """A profile in a list."""

    id: UUID
    partner: Reference
    mou_state: str | None
    mapped_themes: int


class PartnerProfilePage(Shown):
    """A page of profiles."""

    items: list[PartnerProfileSummary]
    next_cursor: str | None
    count: int | None = None

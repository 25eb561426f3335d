"""What goes out in a briefing. Inside the NPM only; nothing of it may be handed over as it is."""

from typing import Any

from shared.schemas import Shown


class BriefingAuthority(Shown):
    """Part 1: who the authority is and whom to speak to."""

    profile: dict[str, Any]
    focal_points: list[dict[str, Any]]


class BriefingRecommendations(Shown):
    """Part 3: where the recommendations to it stand; claims stand beside what was verified."""

    dashboard: dict[str, Any]
    overdue: list[dict[str, Any]]
    claimed_only: list[dict[str, Any]]
    contradicted: list[dict[str, Any]]


class BriefingPlaces(Shown):
    """Part 5: the places it runs. Visits to come and priorities are left out: in the room they are not to be known."""

    places: list[dict[str, Any]]
    access_incidents: list[dict[str, Any]]


class AuthorityBriefing(Shown):
    """A briefing for a meeting with one authority (F7). A part that could not be had says `unavailable`."""

    authority: BriefingAuthority
    relation: dict[str, Any]
    """Part 2: health of the relation with its parts, and the last meetings."""
    engagements: list[dict[str, Any]]
    recommendations: BriefingRecommendations
    patterns: dict[str, Any]
    """Part 4: patterns of complaints at its places, masked; never to be quoted."""
    places: BriefingPlaces
    questions: list[str]
    """Part 9: what to aim for and what they may ask."""
    do_not_say: list[str]
    """Part 10: what must not be said in the room."""

"""Puts a briefing together: each part is asked of its service with the caller's own rights; nothing is kept."""

import asyncio
from typing import Any

from gateway.own.briefings.schemas import AuthorityBriefing, BriefingAuthority, BriefingPlaces, BriefingRecommendations
from gateway.own.work import OwnWork

#: F7, part 10: true of every meeting, whatever the briefing holds.
DO_NOT_SAY = [
    "who complained, who was interviewed, or that anybody did: not by name, wing, date or number",
    "which unannounced visits are planned, or that one is",
    "anything from the Subcommittee on Prevention of Torture or to it",
    "what other authorities, partners or civil society told in confidence",
    "how influential, open or well disposed we judge this authority to be",
]


async def authority_briefing(work: OwnWork, authority_id: str) -> AuthorityBriefing:
    """Ask for all parts at once; the authority itself must be visible, any other part may be missing and says so."""
    authority = {"authority_id": authority_id}
    profile = await work.read("get_authority", path=authority)
    contacts, relation, engagements, dashboard, patterns = await asyncio.gather(
        work.read_or_mark("list_focal_points", path=authority),
        work.read_or_mark("get_authority_relation", path=authority),
        work.read_or_mark("list_engagements", authority_id=authority_id, limit=10),
        work.read_or_mark("get_implementation", authority_id=authority_id),
        work.read_or_mark("list_patterns", authority_id=authority_id, limit=20),
    )
    overdue, claimed, contradicted, places = await asyncio.gather(
        work.read_or_mark("list_recommendations", authority_id=authority_id, is_overdue="true", limit=20),
        work.read_or_mark("list_recommendations", authority_id=authority_id, is_only_claimed="true", limit=20),
        work.read_or_mark("list_recommendations", authority_id=authority_id, is_contradicted="true", limit=20),
        work.read_or_mark("list_places", operator_id=authority_id, limit=100),
    )
    incidents = await work.read_or_mark("list_access_incidents", limit=100)
    run = {place["id"] for place in _items(places)}
    return AuthorityBriefing(
        authority=BriefingAuthority(profile=profile, focal_points=_items(contacts)),
        relation=relation,
        engagements=_items(engagements),
        recommendations=BriefingRecommendations(
            dashboard=dashboard,
            overdue=_items(overdue),
            claimed_only=_items(claimed),
            contradicted=_items(contradicted),
        ),
        patterns=patterns if "unavailable" in patterns else {"items": _items(patterns)},
        places=BriefingPlaces(
            places=_items(places), access_incidents=[each for each in _items(incidents) if each["place"]["id"] in run]
        ),
        questions=_questions(_items(overdue), _items(claimed), _items(contradicted)),
        do_not_say=DO_NOT_SAY,
    )


def _items(part: Any) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = part.get("items", [])
    return listed


def _questions(overdue: list[Any], claimed: list[Any], contradicted: list[Any]) -> list[str]:
    """Turn what is open into what to ask; the contradiction itself is not named, as it comes from complaints."""
    asked = [f"When will {each['code']} be answered? The date agreed has passed." for each in overdue[:5]]
    asked += [f"What shows that {each['code']} is carried out, beside the answer itself?" for each in claimed[:5]]
    checked = [each for each in contradicted[:3] if each not in claimed]
    return asked + [f"May we see for ourselves how {each['code']} works in practice?" for each in checked]

"""Keeping what other services tell: places, bodies, people of the NPM, and recommendations to watch."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.complaints.projections import queries
from services.complaints.projections.rules import type_group
from shared.db import Work
from shared.texts import as_json, folded


async def keep_places(work: Work, told: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep places of the register, by their ids."""
    rows = [{"id": each, **_place_row(said)} for each, said in told.items()]
    await queries.keep(work, queries.KEEP_PLACE, rows=as_json(rows))


def _place_row(told: Mapping[str, Any]) -> dict[str, Any]:
    names = [told["name"], *told.get("aliases", ())]
    return {
        **{name: told[name] for name in ("code", "name", "status", "place_type", "region")},
        "folded_names": sorted({folded(name) for name in names}),
        "type_group": type_group(told["place_type"]),
        "folded_region": folded(told["region"]),
        "operator_id": told.get("operator_id"),
        "population": told.get("population"),
        "vulnerable_groups": told.get("vulnerable_groups") or [],
        "complaint_channel_quality": told.get("complaint_channel_quality") or "unknown",
    }


async def keep_stakeholder(work: Work, stakeholder_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep the name behind the id of an authority, department or partner."""
    name = str(told["name"])
    kind, category = str(told.get("kind") or ""), str(told.get("category") or "")
    await queries.keep(
        work,
        queries.KEEP_STAKEHOLDER,
        id=stakeholder_id,
        name=name,
        folded_name=folded(name),
        kind=kind,
        category=category,
    )


async def keep_person(work: Work, person_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep the name of somebody of the NPM."""
    await queries.keep(
        work, queries.KEEP_PERSON, id=person_id, name=str(told["name"]), kind=str(told.get("kind") or "")
    )


async def keep_recommendation(work: Work, recommendation_id: UUID, told: Mapping[str, Any]) -> None:
    """Put a transmitted recommendation on the watch list, or keep what changed of it."""
    if not told.get("transmitted_on"):
        return
    claimed = told.get("claimed_on") if told.get("is_claimed_implemented") else None
    await queries.keep(
        work,
        queries.KEEP_RECOMMENDATION,
        id=recommendation_id,
        code=told["code"],
        state=told["state"],
        # imported history may say neither theme nor scope: such a one is watched and matches nothing
        theme=told.get("theme") or "",
        scope_kind=told.get("scope_kind") or "place",
        place_ids=told.get("place_ids") or [],
        place_types=told.get("place_types") or [],
        regions=told.get("regions") or [],
        transmitted_on=date.fromisoformat(str(told["transmitted_on"])),
        claimed_on=date.fromisoformat(str(claimed)) if claimed else None,
    )


async def keep_claim(work: Work, told: Mapping[str, Any]) -> None:
    """Keep the day on which an authority said that a recommendation is implemented."""
    if told.get("claimed_status") == "implemented" and told.get("submitted_on"):
        day = date.fromisoformat(str(told["submitted_on"])[:10])
        await queries.keep(work, queries.KEEP_CLAIM, id=UUID(str(told["recommendation_id"])), claimed_on=day)

"""Computing visit priorities (F1): for one place now, or for all in a run. Advises only. No HTTP, no SQL."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.visits.places.rules import PlaceType, TypeGroup, scoring_group
from services.visits.priorities import queries
from services.visits.priorities.rules.gathering import Facts, Row, gathered, group_means, plain
from services.visits.priorities.rules.inputs import PartCode, PriorityInputs
from services.visits.priorities.rules.score import Priority, data_gaps, ranked, score
from services.visits.priorities.tables import PriorityRun
from services.visits.proposals import usecases as proposals
from services.visits.proposals.rules import ProposalTrigger
from services.visits.visits.rules.status import VisitPurpose
from shared.db import Work
from shared.errors import Conflict, NotFound
from shared.journal import Event
from shared.records import stamps

#: From this score on a suspicious silence asks for a decision on a visit.
HIGH_SCORE = 60.0


@dataclass(frozen=True)
class Scored:
    """A place with what its score was computed from, and the score."""

    place: Row
    inputs: PriorityInputs
    priority: Priority
    months_since_last_visit: float | None


def scored(
    facts: Facts, today: date, means: Mapping[TypeGroup, Mapping[PartCode, float]] | None = None
) -> list[Scored]:
    """Score the places, the means of their groups standing in for what is not known."""
    found = gathered(facts, today)
    stand_ins = group_means(found) if means is None else means
    made = []
    for place, inputs in found:
        whole = replace(inputs, group_means=stand_ins.get(inputs.type_group, {}))
        last = min((visit.months_ago for visit in whole.visits), default=None)
        made.append(Scored(place, whole, score(whole), last))
    return made


async def of_place(work: Work, place_id: UUID) -> Scored:
    """Score one place from what is known now; its whole type group is read only when something is missing."""
    today = await work.today()
    facts = await queries.facts(work, [place_id])
    if not facts["places"]:
        raise NotFound
    alone = gathered(facts, today)
    if not data_gaps(alone[0][1]):
        return scored(facts, today, {})[0]
    group = alone[0][1].type_group
    types = [each.value for each in PlaceType if scoring_group(each) is group]
    others = await queries.facts(work, await queries.of_types(work, types))
    return scored(facts, today, group_means(gathered(others, today)))[0]


async def shown(work: Work, place_id: UUID) -> bytes:
    """Give the priority of one place with a sentence for each part."""
    found = await of_place(work, place_id)
    told = {
        "place": {"id": str(found.place["id"]), "name": found.place["name"]},
        "as_of": await work.today(),
        "score": round(found.priority.score, 3),
        "parts": _parts(found.priority),
        "confidence": round(found.priority.confidence, 4),
        "data_gaps": list(found.priority.data_gaps),
        "floor_reasons": list(found.priority.floor_reasons),
        "months_since_last_visit": _rounded(found.months_since_last_visit),
        "months_since_in_depth": _rounded(found.priority.months_since_in_depth),
        "inputs": plain(found.inputs),
    }
    return json.dumps(told, default=str).encode()


def _parts(priority: Priority) -> list[dict[str, Any]]:
    return [
        {"code": part.code, "points": round(part.points, 6), "value": part.value, "sentence": part.sentence}
        for part in priority.parts
    ]


def _rounded(months: float | None) -> float | None:
    return None if months is None else round(months, 1)


async def run_now(work: Work) -> UUID:
    """Score every place in use and keep the scores of the day; an allegation of torture opens a proposal.

    Conflict for whoever is kept from some of the places: a run over the others would take everybody's ranking away.
    """
    if work.caller.is_recused:
        raise Conflict("a run scores every place, and some are kept from you; it runs every night", code="recused")
    await queries.one_run_at_a_time(work)
    today = await work.today()
    found = {each.place["code"]: each for each in scored(await queries.facts(work, None), today)}
    order = [found[each.place_code] for each in ranked([each.priority for each in found.values()])]
    run = PriorityRun(**await stamps(work), as_of=today, place_count=len(order))
    run.opened_proposals = await _propose_for_torture(work, order, today)
    work.session.add(run)
    await work.flush()
    rows = [
        {
            "place_id": str(each.place["id"]),
            "score": round(each.priority.score, 3),
            "rank": position,
            "parts": _parts(each.priority),
            "confidence": round(each.priority.confidence, 4),
            "data_gaps": list(each.priority.data_gaps),
            "floor_reasons": list(each.priority.floor_reasons),
            "inputs": plain(each.inputs),
            "months_since_last_visit": _rounded(each.months_since_last_visit),
        }
        for position, each in enumerate(order, start=1)
    ]
    await queries.keep_scores(work, run.id, today, rows)
    values = {"as_of": today.isoformat(), "places": len(order)}
    work.record(Event("visits.priority_run.completed", run.id, values, leaves=False))
    return run.id


async def _propose_for_torture(work: Work, order: list[Scored], today: date) -> int:
    opened = 0
    for each in order:
        if each.priority.calls_for_proposal:
            opened += await proposals.open_by_system(
                work,
                each.place["id"],
                ProposalTrigger.SCORE,
                purpose=VisitPurpose.ISSUE_OF_CONCERN,
                rationale="torture was alleged at this place in the last 30 days",
                due_on=today + timedelta(days=proposals.URGENT_DECISION_DAYS),
            )
    return opened


def _days(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None


async def keep_recommendation(work: Work, recommendation_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep how a recommendation stands, from recommendations."""
    await queries.keep(
        work,
        queries.KEEP_RECOMMENDATION,
        id=recommendation_id,
        code=str(told.get("code") or ""),
        status=str(told["state"]),
        theme=str(told.get("theme") or ""),
        priority=str(told.get("priority") or "medium"),
        scope_kind=str(told.get("scope_kind") or "place"),
        place_ids=list(told.get("place_ids") or ()),
        place_types=list(told.get("place_types") or ()),
        regions=list(told.get("regions") or ()),
        implementation_status=told.get("implementation_status"),
        is_claimed_implemented=bool(told.get("is_claimed_implemented")),
        next_due_on=_days(told.get("next_due_on")),
    )
    work.record(Event("visits.watched_recommendation.kept", recommendation_id, {}, leaves=False))


async def keep_overdue(work: Work, told: Mapping[str, Any], *, is_overdue: bool) -> None:
    """Keep that an addressee owes its answer, or has given it."""
    recommendation_id = UUID(str(told["recommendation_id"]))
    statement = queries.SET_OVERDUE if is_overdue else queries.CLEAR_OVERDUE
    await queries.keep(work, statement, id=recommendation_id, addressee_id=UUID(str(told["addressee_id"])))
    work.record(Event("visits.watched_recommendation.kept", recommendation_id, {}, leaves=False))


async def keep_contradiction(work: Work, recommendation_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep whether complaints contradict what is claimed about a recommendation."""
    is_contradicted = (told.get("level") or "none") != "none"
    await queries.keep(work, queries.SET_CONTRADICTED, id=recommendation_id, is_contradicted=is_contradicted)
    work.record(Event("visits.watched_recommendation.kept", recommendation_id, {}, leaves=False))


async def answer_pattern(work: Work, told: Mapping[str, Any]) -> None:
    """Propose a visit where a strong or accepted pattern of complaints is about one place."""
    if told.get("place_id") is None:
        return
    await proposals.open_by_system(
        work,
        UUID(str(told["place_id"])),
        ProposalTrigger.PATTERN,
        purpose=VisitPurpose.ISSUE_OF_CONCERN,
        rationale="complaints about this place form a pattern",
        theme=told.get("theme"),
        pattern_id=UUID(str(told["pattern_id"])),
    )


async def answer_silence(work: Work, told: Mapping[str, Any]) -> None:
    """Propose a visit where a place is suspiciously silent and its score is high."""
    place_id = UUID(str(told["place_id"]))
    try:
        found = await of_place(work, place_id)
    except NotFound:
        return
    if found.priority.score < HIGH_SCORE:
        return
    await proposals.open_by_system(
        work,
        place_id,
        ProposalTrigger.SCORE,
        purpose=VisitPurpose.REGULAR_MONITORING,
        rationale="fewer complaints than expected, and a high priority",
    )

"""Deciding what a row of an import is: a known place, a new one, or nothing of ours. No HTTP, no SQL."""

from uuid import UUID

from services.visits.matches import queries
from services.visits.matches.rules import PLACE_MATCH, MatchAction, MatchKind, MatchState, is_open_to
from services.visits.matches.schemas import PlaceMatchTransition
from services.visits.matches.tables import PlaceMatch
from services.visits.places import usecases as places
from services.visits.places.schemas.imports import PlaceImportRow
from shared.db import Work
from shared.errors import Conflict, NotFound, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import touch
from shared.texts import as_json


async def transition_place_match(work: Work, match_id: UUID, if_match: str, order: PlaceMatchTransition) -> UUID:
    """Decide a question: the place is known (accept), is a new one (make_new), or the row is none of ours (drop)."""
    work.require_action(order.action.value)
    match = await queries.lock(work, match_id)
    expect(if_match, await queries.in_full(work, match_id))
    step = PLACE_MATCH.step(MatchState(match.state), order.action)
    if not is_open_to(MatchKind(match.kind), order.action):
        raise Conflict("out of a bare name no place is made; register the place, then accept it")
    match order.action:
        case MatchAction.ACCEPT:
            await _accept(work, match, order.candidate_id)
        case MatchAction.MAKE_NEW:
            await _make(work, match)
        case _:
            match.decision_reason = order.reason or invalid("/reason", "missing", "say why")
    match.state = step.to.value
    match.decided_by, match.decided_on = work.caller.person, await work.today()
    await touch(work, match)
    work.record(Event(step.event, match.id, {"kind": match.kind, "place_id": str(match.place_id)}, leaves=False))
    return match.id


async def _accept(work: Work, match: PlaceMatch, candidate_id: UUID | None) -> None:
    if candidate_id is None:
        invalid("/candidate_id", "missing", "say which place is meant")
    try:
        if match.kind == MatchKind.TWIN:
            await places.merge(work, match.place_id or candidate_id, candidate_id)
        else:
            await places.add_aliases(work, candidate_id, [match.name, *match.written_names], match.source)
    except NotFound:
        invalid("/candidate_id", "unknown_place", "the register has no such place")
    match.place_id = candidate_id


async def _make(work: Work, match: PlaceMatch) -> None:
    if match.kind == MatchKind.TWIN:
        return  # it was taken when it came in, and stays a place of its own
    row = PlaceImportRow.model_validate_json(as_json({"line": 1, **(match.said or {})}))
    made = await places.make_imported(work, row, match.source, match.mapping)
    await places.add_aliases(work, made.id, match.written_names, match.source)
    match.place_id = made.id

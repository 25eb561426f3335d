"""Noticing written names and deciding whose they are. A tie is the NPM's own view: it opens nothing to the authority."""

from collections.abc import Collection, Mapping
from uuid import UUID

from services.recommendations.addressees.usecases import person_of
from services.recommendations.matches import queries
from services.recommendations.matches.rules import ADDRESSEE_MATCH, AddresseeMatchAction, AddresseeMatchState
from services.recommendations.matches.schemas import AddresseeMatchTransition
from shared.db import Work
from shared.errors import invalid
from shared.http import expect
from shared.journal import Event
from shared.records import touch

_OPENED = ADDRESSEE_MATCH.create[AddresseeMatchAction.NOTICE].event
_ACCEPTED = ADDRESSEE_MATCH.step(AddresseeMatchState.OPEN, AddresseeMatchAction.ACCEPT).event


async def meet(work: Work, source: str, first_rows: Mapping[str, str], fresh: Collection[str]) -> int:
    """Meet the names that rows of a source are written to, each with the first row that has it.

    A name met before keeps its decision; one that waits is looked up again, as the directory may have grown. `fresh`
    are the names in rows that were made or changed just now. Gives how many names wait now that were never met before.
    """
    if not first_rows:
        return 0
    noticed = await queries.notice(work, source, dict(first_rows))
    for match_id in noticed:
        work.record(Event(_OPENED, match_id, {"source": source}, leaves=False))
    if fresh:
        await queries.count_uses(work, source)
    changed = await queries.resolve(work, source, list(first_rows))
    accepted = [row for row in changed if row["state"] == AddresseeMatchState.ACCEPTED]
    for row in accepted:
        told = {"source": source, "authority_id": str(row["stakeholder_id"])}
        work.record(Event(_ACCEPTED, row["id"], told, leaves=False))
    await queries.tie(work, source, {*fresh, *(row["name"] for row in accepted)})
    return len(set(noticed) - {row["id"] for row in accepted})


async def decide_match(work: Work, match_id: UUID, if_match: str, order: AddresseeMatchTransition) -> UUID:
    """Say whose a written name is, now and for later imports of the source, or that it stays as it is written."""
    work.require_action(order.action.value)
    match = await queries.lock(work, match_id)
    expect(if_match, await queries.in_full(work, match_id))
    step = ADDRESSEE_MATCH.step(AddresseeMatchState(match.state), order.action)
    if order.action is AddresseeMatchAction.ACCEPT:
        await _accept(work, order)
        match.stakeholder_id, match.reason = order.candidate_id, "accepted by a person"
    elif not order.reason:
        invalid("/reason", "missing", "say why the name stays as it is written")
    else:
        match.reason = order.reason
    match.state, match.decided_by, match.decided_on = step.to.value, person_of(work), await work.today()
    await touch(work, match)
    if match.stakeholder_id is not None:
        await queries.tie(work, match.source, [match.name])
    told = {"source": match.source, "authority_id": str(match.stakeholder_id) if match.stakeholder_id else None}
    work.record(Event(step.event, match.id, told, leaves=False))
    return match.id


async def _accept(work: Work, order: AddresseeMatchTransition) -> None:
    if order.candidate_id is None:
        invalid("/candidate_id", "missing", "say which authority the name stands for")
    elif not await queries.is_addressable(work, order.candidate_id):
        invalid("/candidate_id", "unknown_stakeholder", "no authority or monitoring body of the directory has this id")

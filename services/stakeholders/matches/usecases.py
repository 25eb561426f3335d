"""Saying what a row that waits is: an institution of the directory, one of its own, or nothing to take. No HTTP, no SQL."""

from uuid import UUID, uuid4

from services.stakeholders import acting
from services.stakeholders.authorities import queries as directory
from services.stakeholders.authorities.rules import may_be_parent
from services.stakeholders.directory_imports import queries as entries
from services.stakeholders.directory_imports.rules import (
    AUTHORITY_MATCH,
    AuthorityMatchAction,
    AuthorityMatchState,
    joined,
)
from services.stakeholders.directory_imports.tables import AuthorityEntry
from services.stakeholders.directory_imports.usecases import Said, put_together
from services.stakeholders.matches import queries
from services.stakeholders.matches.schemas import AuthorityMatchTransition
from shared.db import Work
from shared.errors import invalid
from shared.http import expect
from shared.journal import Event
from shared.records import touch


async def decide_match(work: Work, match_id: UUID, if_match: str, order: AuthorityMatchTransition) -> UUID:
    """Decide once; what the source says then counts for the institution, and rows that name it as parent find it."""
    acting.require(work, AUTHORITY_MATCH, order.action)
    graph = await directory.lock_graph(work)
    match = await queries.lock(work, match_id)
    expect(if_match, await queries.in_full(work, match_id))
    step = AUTHORITY_MATCH.step(AuthorityMatchState(match.state), order.action)
    body = await _body(work, order)
    match.state, match.decided_by, match.decided_on = step.to.value, acting.person_of(work), await work.today()
    match.reason = order.reason or match.reason
    if body is not None:
        await _belongs_to(work, match, body, graph)
    await touch(work, match)
    work.record(Event(step.event, match.id, {"source": match.source}, leaves=False))
    return match.id


async def _body(work: Work, order: AuthorityMatchTransition) -> UUID | None:
    """Give the institution that the row is from now on; None where it is dropped."""
    if order.action is AuthorityMatchAction.MAKE_NEW:
        return uuid4()
    if order.action is AuthorityMatchAction.DROP:
        if not order.reason:
            invalid("/reason", "missing", "say why the row is not taken")
        return None
    if order.candidate_id is None:
        invalid("/candidate_id", "missing", "say which institution it is")
    elif not await directory.known(work, [order.candidate_id]):
        invalid("/candidate_id", "unknown", "no institution of the directory has this id")
    return order.candidate_id


async def _belongs_to(work: Work, match: AuthorityEntry, body: UUID, graph: dict[str, list[str]]) -> None:
    """Let the row speak of an institution; an edge that would close a circle is left out, the row keeps what it says."""
    children = await entries.children(work, match.source, match.source_row)
    touched = {body, *(child.stakeholder_id for child in children if child.stakeholder_id is not None)}
    before = await entries.entries_about(work, touched)
    said = {each: Said.by(before.get(each, [])) for each in touched}
    match.parent_ids = [each for each in match.parent_ids if _joins(graph, str(body), each)]
    match.stakeholder_id = body
    for child in children:
        if _joins(graph, str(child.stakeholder_id), str(body)):
            child.parent_ids = joined(child.parent_ids, [str(body)])
            await touch(work, child)
    await put_together(work, said)


def _joins(graph: dict[str, list[str]], child: str, parent: str) -> bool:
    """Tell whether an edge keeps the graph free of circles, and add it if so."""
    if not may_be_parent(graph, child, parent):
        return False
    graph[child] = joined(graph.get(child, []), [parent])
    return True

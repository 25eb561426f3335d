"""Keeping what a run found, and what a person says of it. A run finds, a person judges; neither changes a complaint."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.complaints.analysis_runs import queries as runs
from services.complaints.analysis_runs.rules.cells import CellFound
from services.complaints.patterns import queries, rules
from services.complaints.patterns.rules import PATTERN, PatternAction, PatternLevel, PatternState
from services.complaints.patterns.schemas import PatternTransition
from services.complaints.patterns.tables import Pattern
from shared.db import Work
from shared.errors import invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch

_NUMBERS = ("n", "baseline", "expected", "ratio", "p", "q", "sources", "sentence")
_STANDING = (PatternState.DETECTED, PatternState.ACCEPTED)
_COUNTED = (PatternLevel.SIGNAL, PatternLevel.STRONG)


@dataclass(frozen=True)
class Kept:
    """What stands after a run: how many patterns, and per place the highest level and whether an alert is on."""

    standing: int
    levels: dict[str, PatternLevel]
    alerts: frozenset[str]


def told(pattern: Pattern) -> dict[str, Any]:
    """What leaves of a pattern: never a count."""
    return {
        "pattern_id": str(pattern.id), "kind": pattern.kind, "theme": pattern.theme,
        "place_id": str(pattern.place_id) if pattern.place_id else None, "place_type": pattern.place_type,
        "region": pattern.region, "authority_id": str(pattern.authority_id) if pattern.authority_id else None,
        "level": pattern.level,
    }  # fmt: skip


async def keep_found(work: Work, run_id: UUID, found: Iterable[CellFound], as_of: date) -> Kept:
    """Keep the finds of a run: a known cell is updated, a higher level brings back what was put aside."""
    listed = await runs.patterns(work)
    latest = {pattern.key: pattern for pattern in listed}
    for cell in found:
        known = latest.get(cell.key)
        if known is None or not rules.is_update(known.last_found_on, as_of) or _is_over(known, cell):
            listed.append(await _detect(work, run_id, cell, as_of))
        elif known.state != PatternState.CLOSED:
            await _update(work, run_id, known, cell, as_of)
    await work.flush()
    active = [
        each
        for each in listed
        if rules.is_active(PatternState(each.state), last_found_on=each.last_found_on, last_run_on=as_of, today=as_of)
    ]
    levels: dict[str, PatternLevel] = {}
    for each in active:
        level = PatternLevel(each.level)
        if (
            each.place_id
            and level in _COUNTED
            and rules.is_higher(level, levels.get(str(each.place_id), PatternLevel.NONE))
        ):
            levels[str(each.place_id)] = level
    alerts = frozenset(str(each.place_id) for each in active if each.level == PatternLevel.ALERT)
    return Kept(len(active), levels, alerts)


def _is_over(known: Pattern, cell: CellFound) -> bool:
    """A closed one is found anew only when the cell has reached a higher level."""
    return known.state == PatternState.CLOSED and rules.is_higher(cell.level, PatternLevel(known.level))


async def _detect(work: Work, run_id: UUID, cell: CellFound, as_of: date) -> Pattern:
    pattern = Pattern(
        **await stamps(work), **{name: getattr(cell, name) for name in _NUMBERS}, key=cell.key,
        state=PATTERN.initial.value, kind=cell.kind.value, cell_kind=cell.cell_kind.value if cell.cell_kind else None,
        theme=cell.theme, place_id=_id(cell.place_id), place_type=cell.place_type, region=cell.region,
        authority_id=_id(cell.authority_id), run_id=run_id, first_found_on=as_of, last_found_on=as_of,
        level=cell.level.value, direction=cell.direction.value,
    )  # fmt: skip
    work.session.add(pattern)
    work.record(Event(PATTERN.create[PatternAction.DETECT].event, pattern.id, told(pattern)))
    return pattern


async def _update(work: Work, run_id: UUID, known: Pattern, cell: CellFound, as_of: date) -> None:
    higher = rules.is_higher(cell.level, PatternLevel(known.level))
    state = PatternState(known.state)
    for name in _NUMBERS:
        setattr(known, name, getattr(cell, name))
    known.level, known.direction = cell.level.value, cell.direction.value
    known.run_id, known.last_found_on, known.theme = run_id, as_of, cell.theme
    if state not in _STANDING and higher:
        known.state = PATTERN.after(state, PatternAction.REOPEN).value
    await touch(work, known)
    if higher:
        # a higher level is news for the others
        work.record(Event(PATTERN.create[PatternAction.DETECT].event, known.id, told(known)))
    else:
        work.record(Event("complaints.pattern.updated", known.id, {"level": known.level}, leaves=False))


def _id(written: str | None) -> UUID | None:
    return UUID(written) if written else None


async def transition_pattern(work: Work, pattern_id: UUID, if_match: str, order: PatternTransition) -> UUID:
    """Accept, explain, dismiss, reopen or close a pattern."""
    work.require_action(order.action.value)
    pattern = await queries.lock(work, pattern_id)
    expect(if_match, await queries.in_full(work, pattern_id))
    step = PATTERN.step(PatternState(pattern.state), PatternAction(order.action.value))
    if order.action is not PatternAction.CLOSE and not order.reason:
        invalid("/reason", "missing", "say why")
    pattern.state = step.to.value
    pattern.review = order.reason or pattern.review
    await touch(work, pattern)
    # what a person decides leaves when it is decided
    work.record(Event(step.event, pattern.id, told(pattern), leaves=order.action is PatternAction.ACCEPT))
    return pattern.id

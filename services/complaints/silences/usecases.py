"""Keeping the silences that a run raised, and what a person says of them. Silence raises attention, never lowers it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.complaints.analysis_runs import queries as runs
from services.complaints.analysis_runs.rules.signals import PlaceSilence
from services.complaints.silences import queries
from services.complaints.silences.rules import REVIEW_MONTHS, SILENCE, SilenceAction, SilenceState
from services.complaints.silences.schemas import SilenceTransition
from services.complaints.silences.tables import Silence
from shared.db import Work
from shared.errors import invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch

_REVIEW = timedelta(days=round(REVIEW_MONTHS * 30.4375))


@dataclass(frozen=True)
class Raised:
    """The places whose silence stands after a run: raised or taken up."""

    standing: frozenset[str]


async def keep_found(work: Work, run_id: UUID, found: Iterable[PlaceSilence], as_of: date) -> Raised:
    """Keep the silences of a run: raise new ones, update known ones, end those that are over."""
    known = {str(each.place_id): each for each in await runs.silences(work)}
    flagged = {each.place_id: each for each in found if each.flags}
    for place_id, silence in known.items():
        if place_id not in flagged:
            await _act(work, silence, SilenceAction.CLOSE)
    for place_id, raised in flagged.items():
        silence = known.get(place_id) or Silence(
            **await stamps(work), place_id=UUID(place_id), state=SILENCE.initial.value, raised_on=as_of, run_id=run_id,
            last_found_on=as_of, q=0.0, observed=0, expected=0.0, status="", compared_with="", is_boosted=False,
            has_no_channel=False,
        )  # fmt: skip
        _write(silence, raised, run_id, as_of)
        work.session.add(silence)
        if place_id not in known:
            known[place_id] = silence
            _tell(work, SILENCE.create[SilenceAction.RAISE].event, silence)
        elif silence.state == SilenceState.EXPLAINED and as_of >= (silence.explained_on or as_of) + _REVIEW:
            await _act(work, silence, SilenceAction.REOPEN)
            _tell(work, SILENCE.create[SilenceAction.RAISE].event, silence)
    await work.flush()
    standing = (SilenceState.RAISED, SilenceState.TAKEN_UP)
    return Raised(frozenset(place for place, each in known.items() if each.state in standing))


def _write(silence: Silence, raised: PlaceSilence, run_id: UUID, as_of: date) -> None:
    result = raised.result
    silence.flags = [flag.value for flag in raised.flags]
    silence.run_id, silence.last_found_on = run_id, as_of
    silence.q, silence.observed, silence.expected = result.q, result.observed, result.expected
    silence.status, silence.compared_with = result.status.value, raised.compared_with.value
    silence.is_boosted, silence.has_no_channel, silence.sentence = (
        result.is_boosted,
        result.has_no_channel,
        result.sentence,
    )


def _tell(work: Work, name: str, silence: Silence) -> None:
    work.record(Event(name, silence.id, {"place_id": str(silence.place_id)}))


async def _act(work: Work, silence: Silence, action: SilenceAction) -> None:
    step = SILENCE.step(SilenceState(silence.state), action)
    silence.state = step.to.value
    await touch(work, silence)
    work.record(Event(step.event, silence.id, {"place_id": str(silence.place_id)}, leaves=False))


async def transition_silence(work: Work, silence_id: UUID, if_match: str, order: SilenceTransition) -> UUID:
    """Take a silence up, explain it, reopen or close it."""
    work.require_action(order.action.value)
    silence = await queries.lock(work, silence_id)
    expect(if_match, await queries.in_full(work, silence_id))
    action = SilenceAction(order.action.value)
    SILENCE.step(SilenceState(silence.state), action)
    if action is not SilenceAction.CLOSE and not order.reason:
        invalid("/reason", "missing", "say what is to be done, or why")
    silence.review = order.reason or silence.review
    if action is SilenceAction.EXPLAIN:
        silence.explained_on = await work.today()
    await _act(work, silence, action)
    return silence.id

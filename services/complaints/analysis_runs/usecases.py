"""A run now: F2, F3 and F4 over all complaints, in one transaction of the service itself. Deterministic for one day.

Only aggregates leave, for every place and in random order, so that nobody can tell from an event what came in.
"""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.complaints.analysis_runs import queries
from services.complaints.analysis_runs.rules import cells, signals
from services.complaints.analysis_runs.rules.cells import CellFound
from services.complaints.analysis_runs.rules.facts import YEAR_DAYS, IncidentFacts, PlaceFacts, distinct, within
from services.complaints.analysis_runs.rules.signals import PlaceSilence
from services.complaints.complaints.rules import TORTURE, least_seriousness
from services.complaints.non_implementation.rules import Incident, Watched, non_implementation
from services.complaints.patterns import usecases as patterns
from services.complaints.patterns.rules import PatternLevel
from services.complaints.silences import usecases as silences
from services.complaints.suppression.rules import count_band, event_date
from shared.db import Work
from shared.errors import Conflict
from shared.journal import Event
from shared.themes import main_theme

TORTURE_DAYS = 30
_FOLLOWED = ("closed", "withdrawn")


@dataclass(frozen=True)
class Snapshot:
    """What one run looks at."""

    as_of: date
    places: list[PlaceFacts]
    incidents: list[IncidentFacts]


@dataclass(frozen=True)
class Computed:
    """What the formulas say, before anything is kept."""

    cells: list[CellFound]
    silences: list[PlaceSilence] = field(default_factory=list)


async def order_run(work: Work) -> UUID:
    """Run the formulas now, not tonight."""
    as_of, run_id = await work.today(), uuid4()
    # the caller may see assigned cases only; the formulas see all, and only aggregates come back
    async with work.state.database.inside("worker", operation="analysis_run") as inner:
        if not await queries.take_turn(inner):
            raise Conflict("a run is under way", code="run_under_way")
        snapshot = await _snapshot(inner, as_of)
        computed = await asyncio.to_thread(_computed, snapshot)
        kept = await patterns.keep_found(inner, run_id, computed.cells, as_of)
        raised = await silences.keep_found(inner, run_id, computed.silences, as_of)
        changed = await _signals_of_non_implementation(inner, snapshot)
        await _signals_of_places(inner, snapshot, computed, kept.levels, kept.alerts, raised.standing)
        await queries.keep_counts(inner)
        await queries.keep_run(
            inner, id=run_id, as_of=as_of, by=work.caller.person, places=len(snapshot.places),
            incidents=len(snapshot.incidents), patterns=kept.standing, silences=len(raised.standing),
            signals_changed=changed,
        )  # fmt: skip
    work.record(Event("complaints.analysis_run.ordered", run_id, {"as_of": str(as_of)}, leaves=False))
    return run_id


async def _snapshot(work: Work, as_of: date) -> Snapshot:
    places = [
        PlaceFacts(
            id=row["id"], place_type=row["place_type"], type_group=row["type_group"], region=row["region"],
            operator_id=row["operator_id"], population=row["population"],
            vulnerable_groups=frozenset(row["vulnerable_groups"]), channel_quality=row["complaint_channel_quality"],
        )
        for row in await queries.places(work)
    ]  # fmt: skip
    told = [
        IncidentFacts(
            id=row["id"], on=row["on_day"], received_on=row["received_on"],
            seriousness=row["seriousness"] or least_seriousness(row["themes"]).value, themes=tuple(row["themes"]),
            place=row["place_id"], voices=frozenset(row["voices"]),
        )
        for row in await queries.incidents(work, as_of)
    ]  # fmt: skip
    return Snapshot(as_of, places, distinct(told))


def _computed(snapshot: Snapshot) -> Computed:
    places, incidents, as_of = snapshot.places, snapshot.incidents, snapshot.as_of
    found = cells.statistical(places, incidents, as_of) + cells.by_rule(places, incidents, as_of)
    return Computed(found, signals.silences(places, incidents, as_of))


async def _signals_of_places(
    work: Work,
    snapshot: Snapshot,
    computed: Computed,
    levels: Mapping[str, PatternLevel],
    alerts: frozenset[str],
    silent: frozenset[str],
) -> None:
    pictures = signals.complaint_pictures(snapshot.places, snapshot.incidents, levels, snapshot.as_of)
    quiet = {one.place_id: one for one in computed.silences}
    year = within(snapshot.incidents, days=YEAR_DAYS, until=snapshot.as_of)
    counts: dict[str, int] = {}
    for one in year:
        counts[str(one.place)] = counts.get(str(one.place), 0) + 1
    tortured = {
        one.place
        for one in snapshot.incidents
        if TORTURE in one.themes and 0 <= (snapshot.as_of - one.received_on).days <= TORTURE_DAYS
    }
    shuffled = list(snapshot.places)
    random.SystemRandom().shuffle(shuffled)
    for place in shuffled:
        told: dict[str, Any] = {
            "as_of": str(event_date(snapshot.as_of, int(place.population) if place.population is not None else None)),
            "c": round(pictures[place.id], 6),
            "q": round(quiet[place.id].result.q, 6),
            "is_silent": place.id in silent,
            "silence_status": quiet[place.id].result.status.value,
            "pattern_level": levels.get(place.id, PatternLevel.NONE).value,
            "has_critical_alert": place.id in alerts,
            "has_torture_allegation_30d": place.id in tortured,
            "reprisal_level": "none",
            "band": signals.band(counts.get(place.id, 0)),
        }
        work.record(Event("complaints.place_signal.recomputed", place.id, told))


async def _signals_of_non_implementation(work: Work, snapshot: Snapshot) -> int:
    known = {place.id: place for place in snapshot.places}
    incidents = [_matched(one, known) for one in snapshot.incidents if one.place in known]
    changed = 0
    for one in await queries.watched(work):
        # imported history may say no theme: such a one is watched and matches nothing
        themes = frozenset({one.theme} - {""})
        watched = Watched(
            scope=one.scope_kind, transmitted_on=one.transmitted_on, claimed_on=one.claimed_on,
            themes=themes, main_themes=frozenset(main_theme(theme).value for theme in themes),
            places=frozenset(str(each) for each in one.place_ids), place_types=frozenset(one.place_types),
            regions=frozenset(one.regions),
        )  # fmt: skip
        found = non_implementation(watched, incidents, as_of=snapshot.as_of)
        level = "none" if one.state in _FOLLOWED else found.level.value
        if level != one.level:
            told = {"level": level, "count_band": count_band(found.incidents), "as_of": str(snapshot.as_of)}
            work.record(Event("complaints.non_implementation_signal.recomputed", one.id, told))
            changed += 1
        one.level, one.count_band, one.as_of = level, count_band(found.incidents), snapshot.as_of
        work.session.add(one)
    return changed


def _matched(one: IncidentFacts, known: Mapping[str, PlaceFacts]) -> Incident:
    place = known[str(one.place)]
    return Incident(
        id=one.id, on=one.on, seriousness=one.seriousness, themes=frozenset(one.themes),
        main_themes=frozenset(main_theme(theme).value for theme in one.themes), place=place.id,
        place_type=place.place_type, region=place.region,
    )  # fmt: skip

"""F3 over a whole run: every cell with its counts and prior mean, judged by family. Pure: no database, no HTTP, no clock."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.complaints.analysis_runs.rules.facts import IncidentFacts, PlaceFacts, people, within
from services.complaints.patterns.rules import (
    BASELINE_DAYS,
    LEAST_PRIOR_MEAN,
    WINDOW_DAYS,
    Cell,
    CellKind,
    Direction,
    Find,
    PatternKind,
    PatternLevel,
    finds,
    rule_level,
    trend,
)
from shared.themes import main_theme


@dataclass(frozen=True, kw_only=True)
class CellFound:
    """One cell of a run that is worth keeping. Numbers stay inside the service."""

    key: str
    kind: PatternKind
    cell_kind: CellKind | None
    theme: str | None
    place_id: str | None = None
    place_type: str | None = None
    region: str | None = None
    authority_id: str | None = None
    n: int
    baseline: int
    expected: float
    ratio: float
    p: float
    q: float
    level: PatternLevel
    sources: int
    direction: Direction
    sentence: str


@dataclass(frozen=True)
class _Where:
    """A cell: what is counted, and where."""

    cell_kind: CellKind
    theme: str
    place_id: str | None = None
    place_type: str | None = None
    region: str | None = None
    authority_id: str | None = None

    @property
    def key(self) -> str:
        """Name the cell, the same in every run."""
        where = self.place_id or self.authority_id or f"{self.place_type}/{self.region}"
        return f"{self.cell_kind.value}|{self.theme}|{where}"


class PriorMeans:
    """Prior means of many cells at once: the sums of `patterns.rules.prior_mean`, taken once for each theme and group."""

    def __init__(self, places: Collection[PlaceFacts], counts: Counter[tuple[str, str]]) -> None:
        """Take the places, and the incidents of the baseline by (theme, place)."""
        self._people = people(places)
        self._group = {one.id: one.type_group for one in places}
        self._size = Counter(one.type_group for one in places)
        self._held: Counter[str] = Counter()
        for one in places:
            self._held[one.type_group] += self._people[one.id]  # type: ignore[assignment]
        self._counts = counts
        self._sums: Counter[tuple[str, str]] = Counter()
        for (theme, place), count in counts.items():
            self._sums[theme, self._group[place]] += count

    def mean(self, theme: str, cell_places: Collection[str]) -> float:
        """Give mu, incidents a day to expect of this theme at these places together."""
        own: dict[str, list[str]] = {}
        for place in cell_places:
            own.setdefault(self._group[place], []).append(place)
        mu = 0.0
        for group, inside in own.items():
            held = sum(self._people[place] for place in inside)
            incidents, person_days = self._sums[theme, group], float(self._held[group])
            if self._size[group] - len(inside) >= 2:
                incidents -= sum(self._counts[theme, place] for place in inside)
                person_days -= held
            mu += (incidents / (person_days * BASELINE_DAYS) if person_days else 0.0) * held
        return max(mu, LEAST_PRIOR_MEAN)


def statistical(places: Sequence[PlaceFacts], incidents: Sequence[IncidentFacts], as_of: date) -> list[CellFound]:
    """Find what stands out: each kind of cell is a family of its own."""
    known = {one.id: one for one in places}
    located = [one for one in incidents if one.place in known]
    window = within(located, days=WINDOW_DAYS, until=as_of)
    before = within(located, days=BASELINE_DAYS, until=as_of - timedelta(days=WINDOW_DAYS))
    now, then = _by_cell(window, known), _by_cell(before, known)
    members = _members(places)
    counts = Counter((theme, str(one.place)) for one in before for theme in _themes_of(one))
    means = PriorMeans(places, counts)
    found: list[CellFound] = []
    for kind in CellKind:
        wheres = {
            where.key: where for where in sorted({*now, *then}, key=lambda each: each.key) if where.cell_kind is kind
        }
        cells = [
            Cell(
                key=key,
                n=len(now.get(where, ())),
                baseline=len(then.get(where, ())),
                mu=means.mean(where.theme, members[_place_key(where)]),
                sources=len({voice for one in now.get(where, ()) for voice in one.voices}),
            )
            for key, where in wheres.items()
        ]
        found += [_found(each, wheres[each.cell.key], located, known, as_of) for each in finds(cells)]
    return [each for each in found if each.level is not PatternLevel.NONE]


def _found(
    find: Find, where: _Where, located: Sequence[IncidentFacts], known: dict[str, PlaceFacts], as_of: date
) -> CellFound:
    moving = Direction.NOT_ASSESSABLE
    if find.level is not PatternLevel.NONE:
        days = [one.on for one in located if where in _cells_of(one, known[str(one.place)])]
        moving = trend(_monthly(days, as_of)).direction
    return CellFound(
        key=where.key, kind=PatternKind.STATISTICAL, cell_kind=where.cell_kind, theme=where.theme, place_id=where.place_id,
        place_type=where.place_type, region=where.region, authority_id=where.authority_id, n=find.cell.n,
        baseline=find.cell.baseline, expected=find.expected, ratio=find.ratio, p=find.p, q=find.q, level=find.level,
        sources=find.cell.sources, direction=moving, sentence=find.sentence,
    )  # fmt: skip


def by_rule(places: Sequence[PlaceFacts], incidents: Sequence[IncidentFacts], as_of: date) -> list[CellFound]:
    """Find what needs no statistics: one critical complaint, or three grave ones in 30 days at one place."""
    at: dict[str, list[IncidentFacts]] = {one.id: [] for one in places}
    for one in within(incidents, days=WINDOW_DAYS, until=as_of):
        if one.place in at:
            at[one.place].append(one)
    found = []
    for place_id, here in sorted(at.items()):
        level = rule_level([(one.on, one.seriousness) for one in here], as_of=as_of)
        if level is PatternLevel.NONE:
            continue
        grave = [one for one in here if one.seriousness == ("critical" if level is PatternLevel.ALERT else "high")]
        theme = Counter(one.themes[0] for one in grave if one.themes).most_common(1)
        found.append(
            CellFound(
                key=f"rule|{place_id}", kind=PatternKind.RULE, cell_kind=None, theme=theme[0][0] if theme else None,
                place_id=place_id, n=len(grave), baseline=0, expected=0.0, ratio=0.0, p=1.0, q=1.0, level=level,
                sources=len({voice for one in grave for voice in one.voices}), direction=Direction.NOT_ASSESSABLE,
                sentence=f"{level.label.lower()}: {len(grave)} in {WINDOW_DAYS} days",
            )
        )  # fmt: skip
    return found


def _themes_of(one: IncidentFacts) -> set[str]:
    """Give the themes an incident counts under, of both levels; level one is written with its own code."""
    return {*one.themes, *(main_theme(theme).value for theme in one.themes)}


def _cells_of(one: IncidentFacts, place: PlaceFacts) -> set[_Where]:
    cells = set()
    for theme in one.themes:
        cells.add(_Where(CellKind.THEME_PLACE, theme, place_id=place.id))
        cells.add(_Where(CellKind.MAIN_THEME_PLACE, main_theme(theme).value, place_id=place.id))
        cells.add(_Where(CellKind.THEME_TYPE_REGION, theme, place_type=place.place_type, region=place.region))
        if place.operator_id:
            cells.add(_Where(CellKind.THEME_AUTHORITY, theme, authority_id=place.operator_id))
    return cells


def _by_cell(incidents: Sequence[IncidentFacts], known: dict[str, PlaceFacts]) -> dict[_Where, list[IncidentFacts]]:
    found: dict[_Where, list[IncidentFacts]] = {}
    for one in incidents:
        for where in _cells_of(one, known[str(one.place)]):
            found.setdefault(where, []).append(one)
    return found


def _members(places: Sequence[PlaceFacts]) -> dict[tuple[str | None, ...], list[str]]:
    members: dict[tuple[str | None, ...], list[str]] = {}
    for one in places:
        for key in ((one.id, None, None, None), (None, one.place_type, one.region, None)):
            members.setdefault(key, []).append(one.id)
        if one.operator_id:
            members.setdefault((None, None, None, one.operator_id), []).append(one.id)
    return members


def _place_key(where: _Where) -> tuple[str | None, ...]:
    return (where.place_id, where.place_type, where.region, where.authority_id)


def _monthly(days: Sequence[date], as_of: date) -> list[int]:
    ages = Counter((as_of - day).days // 30 for day in days if day <= as_of)
    return [ages[month] for month in range(11, -1, -1)]

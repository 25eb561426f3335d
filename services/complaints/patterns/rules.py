"""The rules of a pattern: formula F3 (theme x place x time) and the way from a find to a human judgement.

Pure: no database, no HTTP, no clock. Never decides that a pattern is real: a run finds, a person reviews.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import NamedTuple

from shared.workflow import SYSTEM, Vocabulary, Workflow, step

WINDOW_DAYS = 90
BASELINE_DAYS = 365
UPDATE_DAYS = 90
RULE_OF_THREE_DAYS = 30
PRIOR_STRENGTH = 1.0
LEAST_PRIOR_MEAN = 1 / 730
POPULATION_UNKNOWN = 100.0


class PatternState(Vocabulary):
    """The states of the machine `pattern`."""

    DETECTED = "detected", "Detected"
    ACCEPTED = "accepted", "Accepted"
    EXPLAINED = "explained", "Explained"
    DISMISSED = "dismissed", "Dismissed"
    CLOSED = "closed", "Closed"


class PatternAction(Vocabulary):
    """What can be done with it."""

    DETECT = "detect", "Detect"
    GROUP = "group", "Group"
    UPDATE = "update", "Update"
    ACCEPT = "accept", "Accept"
    EXPLAIN = "explain", "Explain"
    DISMISS = "dismiss", "Dismiss"
    REOPEN = "reopen", "Reopen"
    CLOSE = "close", "Close"


_REVIEWERS = frozenset({"complaints_officer", "head", "member"})
_State = PatternState
_Action = PatternAction

PATTERN = Workflow(
    name="pattern",
    initial=_State.DETECTED,
    create={
        _Action.DETECT: step(_State.DETECTED, by=SYSTEM, event="complaints.pattern.detected"),
        _Action.GROUP: step(_State.ACCEPTED, by=_REVIEWERS, event="complaints.pattern.detected"),
    },
    transitions={
        (_State.DETECTED, _Action.UPDATE): step(_State.DETECTED, by=SYSTEM, event="complaints.pattern.updated"),
        (_State.ACCEPTED, _Action.UPDATE): step(_State.ACCEPTED, by=SYSTEM, event="complaints.pattern.updated"),
        (_State.DETECTED, _Action.ACCEPT): step(_State.ACCEPTED, by=_REVIEWERS, event="complaints.pattern.accepted"),
        (_State.DETECTED, _Action.EXPLAIN): step(_State.EXPLAINED, by=_REVIEWERS, event="complaints.pattern.explained"),
        (_State.DETECTED, _Action.DISMISS): step(_State.DISMISSED, by=_REVIEWERS, event="complaints.pattern.dismissed"),
        **{
            (state, _Action.REOPEN): step(_State.DETECTED, by=_REVIEWERS | SYSTEM, event="complaints.pattern.reopened")
            for state in (_State.EXPLAINED, _State.DISMISSED)
        },
        **{
            (state, _Action.CLOSE): step(_State.CLOSED, by=_REVIEWERS, event="complaints.pattern.closed")
            for state in (_State.ACCEPTED, _State.EXPLAINED, _State.DISMISSED)
        },
    },
    final=frozenset({_State.CLOSED}),
)


class PatternKind(Vocabulary):
    """How a pattern was found."""

    STATISTICAL = "statistical", "Statistical"
    RULE = "rule", "Rule"
    SERIES = "series", "Series"
    SILENCE = "silence", "Silence"
    SUDDEN_DROP = "sudden_drop", "Sudden drop"
    TYPE_SILENCE = "type_silence", "Silence of a type of place"


class CellKind(Vocabulary):
    """What is counted together; each kind is a family of its own."""

    THEME_PLACE = "theme_place", "Theme and place"
    MAIN_THEME_PLACE = "main_theme_place", "Main theme and place"
    THEME_TYPE_REGION = "theme_type_region", "Theme, type of place and region"
    THEME_AUTHORITY = "theme_authority", "Theme and supervising authority"


class PatternLevel(Vocabulary):
    """How much a find weighs, lowest first."""

    NONE = "none", "None"
    WATCH = "watch", "Watch"
    SIGNAL = "signal", "Signal"
    STRONG = "strong", "Strong"
    ALERT = "alert", "Alert"


class Direction(Vocabulary):
    """Where a series is heading."""

    RISING = "rising", "Rising"
    FALLING = "falling", "Falling"
    STEADY = "steady", "Steady"
    NOT_ASSESSABLE = "not_assessable", "Not assessable"


@dataclass(frozen=True, kw_only=True)
class PlaceBaseline:
    """Incidents of one theme at one place in the baseline."""

    place: str
    type_group: str
    population: float | None
    incidents: int


class PriorMean(NamedTuple):
    """Incidents a day to expect before looking at the cell itself."""

    mu: float
    population_estimated: bool


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The counts of one cell in one run: n in the window, N in the baseline, and how many people speak."""

    key: str
    n: int
    baseline: int
    mu: float
    sources: int


class Find(NamedTuple):
    """What a run says of one cell."""

    cell: Cell
    expected: float
    ratio: float
    p: float
    q: float
    level: PatternLevel

    @property
    def sentence(self) -> str:
        """Say it in words; the numbers are the cell's."""
        return f"{self.cell.n} where {self.expected:.1f} were to be expected ({self.ratio:.1f} times; q {self.q:.3f})"


class Trend(NamedTuple):
    """A Mann-Kendall test over the counts of the months: S is later minus earlier comparisons."""

    direction: Direction
    s: int = 0
    p: float = 1.0


#: n, ratio and q that a level asks for, highest first.
_THRESHOLDS = (
    (PatternLevel.STRONG, 5, 3.0, 0.01),
    (PatternLevel.SIGNAL, 3, 2.0, 0.05),
    (PatternLevel.WATCH, 3, 1.5, 0.20),
)


def prior_mean(cell_places: Collection[str], baselines: Iterable[PlaceBaseline]) -> PriorMean:
    """Sum, over the places of a cell, the rate of their type group times their people.

    The cell's own places are left out of the rate when at least two others remain, so that it is not its own measure.
    """
    groups: dict[str, list[PlaceBaseline]] = {}
    for one in baselines:
        groups.setdefault(one.type_group, []).append(one)
    mu, estimated = 0.0, False
    for group in groups.values():
        known = [one.population for one in group if one.population is not None]
        usual = median(known) if known else POPULATION_UNKNOWN
        people = {one.place: usual if one.population is None else one.population for one in group}
        own = [one for one in group if one.place in cell_places]
        others = [one for one in group if one.place not in cell_places]
        compared = others if len(others) >= 2 else group
        person_days = sum(people[one.place] for one in compared) * BASELINE_DAYS
        rate = sum(one.incidents for one in compared) / person_days if person_days else 0.0
        mu += rate * sum(people[one.place] for one in own)
        estimated |= bool(own) and any(one.population is None for one in (*own, *compared))
    return PriorMean(max(mu, LEAST_PRIOR_MEAN), estimated)


def expected_in_window(baseline: int, mu: float) -> float:
    """Give e: the window's share of the posterior mean (gamma prior with mean mu)."""
    return WINDOW_DAYS * (PRIOR_STRENGTH + baseline) / (PRIOR_STRENGTH / mu + BASELINE_DAYS)


def tail(n: int, baseline: int, mu: float) -> float:
    """Give p = P(X >= n) under the posterior predictive, a negative binomial; 1 for n = 0."""
    rate = PRIOR_STRENGTH / mu + BASELINE_DAYS
    return negative_binomial_tail(n, r=PRIOR_STRENGTH + baseline, prob=rate / (rate + WINDOW_DAYS))


def negative_binomial_tail(n: int, *, r: float, prob: float) -> float:
    """Give P(X >= n) for the count of failures before the r-th success.

    Sums the side that does not hold the mean, so that neither a small tail nor a small rest is lost in rounding.
    """
    if n <= 0:
        return 1.0
    if n <= r * (1 - prob) / prob:
        return max(0.0, 1.0 - math.fsum(math.exp(_log_mass(k, r, prob)) for k in range(n)))
    terms: list[float] = []
    term, k = math.exp(_log_mass(n, r, prob)), n
    while term > 0.0 and (len(terms) < 2 or term > terms[0] * 1e-18):
        terms.append(term)
        term, k = term * (r + k) / (k + 1) * (1 - prob), k + 1
    return min(1.0, math.fsum(terms))


def _log_mass(k: int, r: float, prob: float) -> float:
    ways = math.lgamma(r + k) - math.lgamma(r) - math.lgamma(k + 1)
    return ways + r * math.log(prob) + k * math.log1p(-prob)


def q_values(ps: Sequence[float]) -> tuple[float, ...]:
    """Give the Benjamini-Hochberg q of each p in a family, in the order given."""
    qs, least = [1.0] * len(ps), 1.0
    for rank, place in reversed(list(enumerate(sorted(range(len(ps)), key=lambda i: ps[i]), start=1))):
        least = min(least, ps[place] * (len(ps) / rank))
        qs[place] = least
    return tuple(qs)


def level_of(*, n: int, ratio: float, q: float, sources: int) -> PatternLevel:
    """Give the level; one voice alone never makes more than a watch."""
    for level, least_n, least_ratio, most_q in _THRESHOLDS:
        heard = level is PatternLevel.WATCH or sources >= 2
        if n >= least_n and ratio >= least_ratio and q <= most_q and heard:
            return level
    return PatternLevel.NONE


def finds(cells: Iterable[Cell]) -> tuple[Find, ...]:
    """Judge one family: all cells of one kind in one run that have anything in window or baseline."""
    family = [cell for cell in cells if cell.n >= 1 or cell.baseline >= 1]
    ps = [tail(cell.n, cell.baseline, cell.mu) for cell in family]
    judged = []
    for cell, p, q in zip(family, ps, q_values(ps), strict=True):
        e = expected_in_window(cell.baseline, cell.mu)
        level = level_of(n=cell.n, ratio=cell.n / e, q=q, sources=cell.sources)
        judged.append(Find(cell, e, cell.n / e, p, q, level))
    return tuple(judged)


def rule_level(incidents: Iterable[tuple[date, str]], *, as_of: date) -> PatternLevel:
    """Judge a place by the days and seriousness of its distinct incidents: one critical, or three high in 30 days."""
    aged = [((as_of - on).days, seriousness) for on, seriousness in incidents]
    if any(seriousness == "critical" and 0 <= age < WINDOW_DAYS for age, seriousness in aged):
        return PatternLevel.ALERT
    high = sum(seriousness == "high" and 0 <= age < RULE_OF_THREE_DAYS for age, seriousness in aged)
    return PatternLevel.SIGNAL if high >= 3 else PatternLevel.NONE


def trend(monthly: Sequence[int]) -> Trend:
    """Test the counts of the last months for a trend (Mann-Kendall, ties allowed for), from 12 incidents on."""
    if sum(monthly) < 12:
        return Trend(direction=Direction.NOT_ASSESSABLE)
    months = len(monthly)
    s = sum((later > earlier) - (later < earlier) for i, earlier in enumerate(monthly) for later in monthly[i + 1 :])
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(monthly).values())
    variance = (months * (months - 1) * (2 * months + 5) - ties) / 18
    z = (s - math.copysign(1, s)) / math.sqrt(variance) if s and variance else 0.0
    p = math.erfc(abs(z) / math.sqrt(2))
    moving = Direction.RISING if s > 0 else Direction.FALLING
    return Trend(direction=moving if p <= 0.05 else Direction.STEADY, s=s, p=p)


def is_update(last_found_on: date, as_of: date, *, period_days: int = UPDATE_DAYS) -> bool:
    """Tell whether the same cell found again is the pattern that is known already."""
    return (as_of - last_found_on).days <= period_days


def is_active(state: PatternState, *, last_found_on: date, last_run_on: date, today: date) -> bool:
    """Tell whether a pattern counts: not put aside, and found by the last run or not long ago."""
    standing = state in (PatternState.DETECTED, PatternState.ACCEPTED)
    return standing and (last_found_on == last_run_on or is_update(last_found_on, today))


def is_higher(level: PatternLevel, than: PatternLevel) -> bool:
    """Tell whether a cell has reached a higher level, which brings back what was explained or dismissed."""
    return list(PatternLevel).index(level) > list(PatternLevel).index(than)

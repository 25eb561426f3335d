"""The implementation dashboard, formula F5: rates, each with its numbers.

Pure: no database, no HTTP, no clock. Never changes a status and never counts a claim as a finding. What it is given is
filtered already (authority, place, theme, type, origin, priority) by the query.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

STALLED_DAYS = 180
#: Upper ends of the ageing bands, in days; the last band is open.
AGEING_BANDS: tuple[tuple[str, int | None], ...] = (("1-30", 30), ("31-90", 90), ("91-180", 180), (">180", None))
_OUT = "no_longer_applicable"
_UNCLEAR = "not_assessable"


@dataclass(frozen=True)
class Rate:
    """A share with its numbers beside it; no value where nothing can be divided."""

    part: float
    whole: int

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One approved assessment."""

    on: date
    status: str
    has_other_evidence: bool = False


@dataclass(frozen=True, kw_only=True)
class FollowedUp:
    """One recommendation as F5 sees it; withdrawn ones are not handed in."""

    id: str
    state: str
    findings: tuple[Finding, ...] = ()
    implementation_due: date | None = None
    claimed_implemented: bool = False
    root_cause_level: str | None = None
    obstacles: frozenset[str] = frozenset()
    published_on: date | None = None
    closed_on: date | None = None
    last_event_on: date | None = None

    def finding(self, as_of: date) -> Finding | None:
        """Give the finding that held on `as_of`."""
        known = [finding for finding in self.findings if finding.on <= as_of]
        return max(known, key=lambda finding: finding.on) if known else None

    def status(self, as_of: date) -> str | None:
        """Give the implementation status that held on `as_of`."""
        found = self.finding(as_of)
        return found.status if found else None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One addressee as F5 sees it; one released without an answer is not handed in."""

    asked_on: date
    due_on: date
    answered_on: date | None = None
    position: str | None = None

    def is_answered(self, as_of: date) -> bool:
        """Tell whether an answer was in on `as_of`."""
        return self.answered_on is not None and self.answered_on <= as_of

    def days(self, as_of: date) -> int:
        """Count the days from the request to the answer; an open one runs to `as_of`."""
        end = self.answered_on if self.answered_on is not None and self.answered_on <= as_of else as_of
        return (end - self.asked_on).days


@dataclass(frozen=True, kw_only=True)
class Period:
    """The period that closed recommendations are counted in, both days included."""

    from_on: date
    to_on: date

    def covers(self, day: date | None) -> bool:
        """Tell whether a day lies in the period."""
        return day is not None and self.from_on <= day <= self.to_on


@dataclass(frozen=True, kw_only=True)
class QuarterRate:
    """A point of the trend: one cohort (year of publication) at the end of one quarter."""

    cohort: int
    quarter: str
    implementation_rate: Rate


@dataclass(frozen=True, kw_only=True)
class Implementation:
    """What became of the recommendations."""

    counted: int
    assessable: int
    implementation_rate: Rate
    strict_rate: Rate
    verified_share: Rate
    claim_gap: Rate
    by_status: Mapping[str, int]
    by_obstacle: Mapping[str, int]
    by_root_cause_level: Mapping[str, int]
    regressed: int
    stalled: int


@dataclass(frozen=True, kw_only=True)
class Responses:
    """How the addressees answered."""

    due: int
    response_rate: Rate
    on_time: Rate
    acceptance: Rate
    median_days_to_response: float | None
    overdue_ageing: Mapping[str, int]


def is_counted(rec: FollowedUp, period: Period, as_of: date) -> bool:
    """Tell whether a recommendation is in A: in follow-up, or closed in the period; and still applicable."""
    followed = rec.state == "in_follow_up" or (rec.state == "closed" and period.covers(rec.closed_on))
    return followed and rec.status(as_of) != _OUT


def is_assessable(rec: FollowedUp, as_of: date) -> bool:
    """Leave out what cannot be assessed, and what is neither due nor assessed; due is to the end of the day."""
    status = rec.status(as_of)
    if status is None:
        return rec.implementation_due is not None and as_of > rec.implementation_due
    return status != _UNCLEAR


def implementation(
    recs: Iterable[FollowedUp], *, period: Period, as_of: date, stalled_days: int = STALLED_DAYS
) -> Implementation:
    """Compute the part of F5 that speaks of recommendations."""
    counted = [rec for rec in recs if is_counted(rec, period, as_of)]
    status = Counter(rec.status(as_of) or "unassessed" for rec in counted)
    assessed = [found for rec in counted if (found := rec.finding(as_of)) and found.status != _UNCLEAR]
    claimed = [rec for rec in counted if rec.claimed_implemented and rec.status(as_of) not in (None, _UNCLEAR)]
    otherwise = [rec for rec in claimed if rec.status(as_of) != "implemented"]
    assessable = sum(is_assessable(rec, as_of) for rec in counted)
    return Implementation(
        counted=len(counted),
        assessable=assessable,
        implementation_rate=Rate(status["implemented"] + 0.5 * status["partially_implemented"], assessable),
        strict_rate=Rate(status["implemented"], assessable),
        verified_share=Rate(sum(finding.has_other_evidence for finding in assessed), len(assessed)),
        claim_gap=Rate(len(otherwise), len(claimed)),
        by_status=dict(status),
        by_obstacle=dict(Counter(obstacle for rec in counted for obstacle in rec.obstacles)),
        by_root_cause_level=dict(Counter(rec.root_cause_level for rec in counted if rec.root_cause_level)),
        regressed=status["regressed"],
        stalled=sum(_is_stalled(rec, as_of, stalled_days) for rec in counted),
    )


def responses(asked: Iterable[Asked], *, as_of: date) -> Responses:
    """Compute the part of F5 that speaks of addressees; D are those due by `as_of` or answered."""
    due = [one for one in asked if one.due_on <= as_of or one.is_answered(as_of)]
    answered = [one for one in due if one.is_answered(as_of)]
    timely = sum(one.answered_on is not None and one.answered_on <= one.due_on for one in answered)
    position = Counter(one.position for one in answered)
    return Responses(
        due=len(due),
        response_rate=Rate(len(answered), len(due)),
        on_time=Rate(timely, len(due)),
        acceptance=Rate(position["accepted"] + 0.5 * position["accepted_in_part"], len(answered)),
        median_days_to_response=float(median(one.days(as_of) for one in due)) if due else None,
        overdue_ageing=overdue_ageing((one.due_on for one in due if not one.is_answered(as_of)), as_of=as_of),
    )


def overdue_ageing(due_dates: Iterable[date], *, as_of: date) -> dict[str, int]:
    """Sort unanswered due dates into bands of age; what is due today is not overdue."""
    bands = dict.fromkeys((name for name, _ in AGEING_BANDS), 0)
    for due_on in due_dates:
        days = (as_of - due_on).days
        if days > 0:
            bands[next(name for name, upper in AGEING_BANDS if upper is None or days <= upper)] += 1
    return bands


def trend(recs: Sequence[FollowedUp], *, period: Period, as_of: date) -> tuple[QuarterRate, ...]:
    """Follow each cohort (year of publication) over the ends of the quarters in the period."""
    cohorts = sorted({rec.published_on.year for rec in recs if rec.published_on})
    ends = [end for end in quarter_ends(period) if end <= as_of]
    return tuple(
        QuarterRate(
            cohort=cohort, quarter=f"{end.year}-Q{(end.month + 2) // 3}", implementation_rate=_cohort(recs, cohort, end)
        )
        for cohort in cohorts
        for end in ends
        if end.year >= cohort
    )


def quarter_ends(period: Period) -> tuple[date, ...]:
    """Give the last days of the quarters that end in a period."""
    first_days = (
        date(year + month // 12, month % 12 + 1, 1)
        for year in range(period.from_on.year, period.to_on.year + 1)
        for month in (3, 6, 9, 12)
    )
    return tuple(end for first in first_days if period.covers(end := first - timedelta(days=1)))


def _cohort(recs: Sequence[FollowedUp], cohort: int, end: date) -> Rate:
    """Give the rate of one cohort: what was published by then, whether or not it is closed by now."""
    there = [
        rec
        for rec in recs
        if rec.published_on and rec.published_on.year == cohort and rec.published_on <= end and rec.status(end) != _OUT
    ]
    status = Counter(rec.status(end) for rec in there)
    assessable = sum(is_assessable(rec, end) for rec in there)
    return Rate(status["implemented"] + 0.5 * status["partially_implemented"], assessable)


def _is_stalled(rec: FollowedUp, as_of: date, stalled_days: int) -> bool:
    open_still = rec.state == "in_follow_up" and rec.last_event_on is not None
    return open_still and rec.last_event_on is not None and (as_of - rec.last_event_on).days >= stalled_days

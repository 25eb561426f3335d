"""The rules of suspicious silence: formula F2 and the way from a flag to a human judgement.

Pure: no database, no HTTP, no clock. Never takes the absence of complaints for the absence of problems: silence can
raise attention and never lower it.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from shared.workflow import SYSTEM, Vocabulary, Workflow, step

REVIEW_MONTHS = 6
LEAST_EXPECTED = 3.0
FLAG_FROM = 0.6
WHILE_NOT_ASSESSABLE = 0.25
WITHOUT_CHANNEL = 0.5
BOOST = 1.25
GROUP_PLACES = 3
GROUP_COMPLAINTS = 5
TYPE_PERSON_YEARS = 200
DROP_FROM = 6
DROP_SHARE = 0.3
POPULATION_UNKNOWN = 100.0
#: Who is less able or willing to complain.
LESS_HEARD = frozenset(
    {
        "children",
        "persons_with_psychosocial_or_intellectual_disability",
        "non_speaker_of_language",
        "isolated_or_solitary",
    }
)
CAVEAT = "may be absence of problems, fear, no access, vulnerability"


class SilenceState(Vocabulary):
    """The states of the machine `silence`."""

    RAISED = "raised", "Raised"
    TAKEN_UP = "taken_up", "Taken up"
    EXPLAINED = "explained", "Explained"
    CLOSED = "closed", "Closed"


class SilenceAction(Vocabulary):
    """What can be done with it."""

    RAISE = "raise", "Raise"
    TAKE_UP = "take_up", "Take up"
    EXPLAIN = "explain", "Explain"
    REOPEN = "reopen", "Reopen"
    CLOSE = "close", "Close"


_REVIEWERS = frozenset({"complaints_officer", "head", "member"})
SILENCE = Workflow(
    name="silence",
    initial=SilenceState.RAISED,
    create={
        SilenceAction.RAISE: step(SilenceState.RAISED, by=SYSTEM, event="complaints.silence.detected"),
    },
    transitions={
        (SilenceState.RAISED, SilenceAction.TAKE_UP): step(
            SilenceState.TAKEN_UP, by=_REVIEWERS, event="complaints.silence.taken_up"
        ),
        (SilenceState.RAISED, SilenceAction.EXPLAIN): step(
            SilenceState.EXPLAINED, by=_REVIEWERS, event="complaints.silence.explained"
        ),
        (SilenceState.EXPLAINED, SilenceAction.REOPEN): step(
            SilenceState.RAISED,
            by={"head", "member", "complaints_officer", "system"},
            event="complaints.silence.reopened",
        ),
        **{
            (state, SilenceAction.CLOSE): step(
                SilenceState.CLOSED,
                by={"head", "member", "complaints_officer", "system"},
                event="complaints.silence.ended",
            )
            for state in (SilenceState.RAISED, SilenceState.TAKEN_UP, SilenceState.EXPLAINED)
        },
    },
    final=frozenset({SilenceState.CLOSED}),
)


class SilenceStatus(Vocabulary):
    """Whether the numbers carry a judgement."""

    ASSESSED = "assessed", "Assessed"
    NOT_ASSESSABLE = "not_assessable", "Not assessable"


class SilenceFlag(Vocabulary):
    """What a run raises."""

    SUSPICIOUS_SILENCE = "suspicious_silence", "Suspicious silence"
    TYPE_SILENCE = "type_silence", "Silence of a type of place"
    SUDDEN_DROP = "sudden_drop", "Sudden drop"


class ComparedWith(Vocabulary):
    """Which other places the expectation comes from."""

    TYPE_GROUP = "type_group", "Places of the same type group"
    ALL = "all", "All other places"


@dataclass(frozen=True, kw_only=True)
class PlaceYear:
    """One place in the 12 months to `as_of`; `incidents` are distinct ones."""

    place: str
    type_group: str
    population: float | None
    incidents: int


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """How many complaints a place like this would bring, and from where that is known."""

    expected: float
    rate: float
    compared_with: ComparedWith
    population_estimated: bool


@dataclass(frozen=True, kw_only=True)
class SilenceResult:
    """F2 of one place, with what it was computed from."""

    q: float
    q_before_context: float
    p_low: float
    observed: int
    expected: float
    status: SilenceStatus
    is_boosted: bool
    has_no_channel: bool
    is_flagged: bool

    @property
    def sentence(self) -> str:
        """Say it in words, and that silence can mean several things."""
        return f"{self.observed} complaints where {self.expected:.1f} were to be expected: {CAVEAT}"


def clamp(x: float) -> float:
    """Keep a value between 0 and 1."""
    return min(1.0, max(0.0, x))


def expectation(place: str, places: Sequence[PlaceYear]) -> Expectation:
    """Give E of a place: its people times the rate of the others of its type group, or of all others."""
    own = next(one for one in places if one.place == place)
    people = _people(places)
    group = [one for one in places if one.type_group == own.type_group]
    enough = len(group) >= GROUP_PLACES and sum(one.incidents for one in group) >= GROUP_COMPLAINTS
    others = [one for one in (group if enough else places) if one.place != place]
    person_years = sum(people[one.place] for one in others)
    rate = sum(one.incidents for one in others) / person_years if person_years else 0.0
    return Expectation(
        expected=rate * people[place],
        rate=rate,
        compared_with=ComparedWith.TYPE_GROUP if enough else ComparedWith.ALL,
        population_estimated=any(one.population is None for one in (own, *others)),
    )


def _people(places: Iterable[PlaceYear]) -> dict[str, float]:
    """Give each place its population; an unknown one is the median of its type group, 100 if none is known."""
    known: dict[str, list[float]] = {}
    listed = list(places)
    for one in listed:
        known.setdefault(one.type_group, []).extend([one.population] if one.population is not None else [])
    usual = {group: float(median(counts)) if counts else POPULATION_UNKNOWN for group, counts in known.items()}
    return {one.place: usual[one.type_group] if one.population is None else one.population for one in listed}


def poisson_at_most(observed: int, expected: float) -> float:
    """Give P(Poisson(expected) <= observed); 1 where nothing was to be expected."""
    if expected <= 0:
        return 1.0
    logs = (k * math.log(expected) - expected - math.lgamma(k + 1) for k in range(observed + 1))
    return min(1.0, math.fsum(math.exp(log) for log in logs))


def silence(
    observed: int, expected: float, *, vulnerable_groups: Collection[str] = (), channel_quality: str = "unknown"
) -> SilenceResult:
    """Compute F2: how surprising it is to hear so little, and how much that weighs here."""
    p_low = poisson_at_most(observed, expected)
    too_few = expected < LEAST_EXPECTED and observed <= expected
    surprise = 0.0 if observed > expected else clamp(-math.log10(p_low) / 2 if p_low > 0 else 1.0)
    before = max(WHILE_NOT_ASSESSABLE, surprise) if too_few else surprise
    boosted = not LESS_HEARD.isdisjoint(vulnerable_groups)
    no_channel = channel_quality == "none"
    weighted = before * BOOST if boosted else before
    q = clamp(max(weighted, WITHOUT_CHANNEL) if no_channel else weighted)
    return SilenceResult(
        q=q,
        q_before_context=before,
        p_low=p_low,
        observed=observed,
        expected=expected,
        status=SilenceStatus.NOT_ASSESSABLE if too_few else SilenceStatus.ASSESSED,
        is_boosted=boosted,
        has_no_channel=no_channel,
        is_flagged=no_channel or (q >= FLAG_FROM and expected >= LEAST_EXPECTED),
    )


def is_sudden_drop(before: int, last: int) -> bool:
    """Tell whether complaints of the last 6 months fell to almost nothing against the 6 months before."""
    return before >= DROP_FROM and last <= DROP_SHARE * before


def silent_type_groups(places: Sequence[PlaceYear]) -> tuple[str, ...]:
    """Name the type groups that are large enough to be heard from and brought no complaint in 12 months."""
    people = _people(places)
    groups: dict[str, list[PlaceYear]] = {}
    for one in places:
        groups.setdefault(one.type_group, []).append(one)
    return tuple(
        name
        for name, group in sorted(groups.items())
        if len(group) >= GROUP_PLACES
        and sum(people[one.place] for one in group) >= TYPE_PERSON_YEARS
        and not any(one.incidents for one in group)
    )

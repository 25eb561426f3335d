"""The signal of non-implementation, formula F4: complaints on what a recommendation should have changed.

Pure: no database, no HTTP, no clock. Never changes a status: it opens an assessment; and only level, count band and
`as_of` may leave the service.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from shared.workflow import Vocabulary

GRACE_DAYS = 30
HALF_LIFE_MONTHS = 12
DAYS_A_MONTH = 30.4375
SAME_THEME = 1.0
SAME_MAIN_THEME = 0.5
#: By kind of scope (rec_scope); legislation reaches as far as the system.
SCOPE_WEIGHT = {"place": 1.0, "place_type": 0.7, "region": 0.7, "system": 0.5, "legislation": 0.5}
SERIOUSNESS_WEIGHT = {"low": 1, "medium": 2, "high": 4, "critical": 8}
_GRAVE = ("high", "critical")


class NonImplementationLevel(Vocabulary):
    """How strongly complaints speak against implementation, lowest first."""

    NONE = "none", "None"
    WEAK = "weak", "Weak"
    STRONG = "strong", "Strong"


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A transmitted recommendation on the watch list; themes as L2 codes and as their L1 codes."""

    scope: str
    transmitted_on: date
    themes: frozenset[str]
    main_themes: frozenset[str]
    claimed_on: date | None = None
    places: frozenset[str] = frozenset()
    place_types: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One distinct incident."""

    id: str
    on: date
    seriousness: str
    themes: frozenset[str]
    main_themes: frozenset[str]
    place: str
    place_type: str
    region: str | None = None


@dataclass(frozen=True, kw_only=True)
class Match:
    """One incident that speaks against one recommendation."""

    theme_weight: float
    scope_weight: float
    seriousness: str
    age_months: float
    is_after_claim: bool = False

    @property
    def z(self) -> float:
        """What this incident adds."""
        weight = self.theme_weight * self.scope_weight * SERIOUSNESS_WEIGHT[self.seriousness] / 4
        return float(weight * 0.5 ** (self.age_months / HALF_LIFE_MONTHS))


@dataclass(frozen=True, kw_only=True)
class NonImplementation:
    """F4 of one recommendation."""

    level: NonImplementationLevel
    score: float
    incidents: int
    after_claim: int
    as_of: date

    @property
    def sentence(self) -> str:
        """Say it in words, for those inside the complaints service."""
        return f"{self.incidents} incidents on what was recommended, {self.after_claim} of them after a claim"


def theme_weight(watched: Watched, incident: Incident) -> float:
    """Give the weight of the best pair of themes: equal in L2, equal in L1, or none."""
    if watched.themes & incident.themes:
        return SAME_THEME
    return SAME_MAIN_THEME if watched.main_themes & incident.main_themes else 0.0


def lies_in_scope(watched: Watched, incident: Incident) -> bool:
    """Tell whether the recommendation was meant for the place of the incident too."""
    return {
        "place": incident.place in watched.places,
        "place_type": incident.place_type in watched.place_types,
        "region": incident.region in watched.regions,
        "system": True,
        "legislation": True,
    }[watched.scope]


def is_late_enough(watched: Watched, on: date, *, grace_days: int = GRACE_DAYS) -> bool:
    """Tell whether an incident counts: after the grace period, or after somebody claimed that all is done."""
    return on > watched.transmitted_on + timedelta(days=grace_days) or _is_after_claim(watched, on)


def _is_after_claim(watched: Watched, on: date) -> bool:
    return watched.claimed_on is not None and on > watched.claimed_on


def matches(watched: Watched, incidents: Iterable[Incident], *, as_of: date) -> tuple[Match, ...]:
    """Give what speaks against a recommendation; duplicates of an incident count once."""
    distinct = {incident.id: incident for incident in incidents if incident.on <= as_of}.values()
    return tuple(
        Match(
            theme_weight=weight,
            scope_weight=SCOPE_WEIGHT[watched.scope],
            seriousness=incident.seriousness,
            age_months=(as_of - incident.on).days / DAYS_A_MONTH,
            is_after_claim=_is_after_claim(watched, incident.on),
        )
        for incident in distinct
        if (weight := theme_weight(watched, incident))
        and lies_in_scope(watched, incident)
        and is_late_enough(watched, incident.on)
    )


def level_of(found: Iterable[Match]) -> NonImplementationLevel:
    """Give the level; one grave incident after a claim is enough, since the claim promised that it would not happen."""
    listed = list(found)
    score = sum(match.z for match in listed)
    broken_promise = any(match.is_after_claim and match.seriousness in _GRAVE for match in listed)
    if broken_promise or (score >= 3 and len(listed) >= 3):
        return NonImplementationLevel.STRONG
    return NonImplementationLevel.WEAK if score >= 1 and len(listed) >= 2 else NonImplementationLevel.NONE


def non_implementation(watched: Watched, incidents: Iterable[Incident], *, as_of: date) -> NonImplementation:
    """Compute F4 of one recommendation."""
    found = matches(watched, incidents, as_of=as_of)
    return NonImplementation(
        level=level_of(found),
        score=sum(match.z for match in found),
        incidents=len(found),
        after_claim=sum(match.is_after_claim for match in found),
        as_of=as_of,
    )

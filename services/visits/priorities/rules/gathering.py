"""Turning what is kept about places into the inputs of the priority score (F1), place by place.

Pure: no database, no HTTP, no clock; rows come in as mappings. It judges nothing: the score does.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from statistics import fmean
from typing import Any
from uuid import UUID

from services.visits.access_incidents.rules import IncidentStatus, raises_priority
from services.visits.places.rules import PlaceType, TypeGroup, VulnerableGroup, scoring_group
from services.visits.priorities.rules import components
from services.visits.priorities.rules.inputs import (
    ActivePattern,
    Information,
    OpenRecommendation,
    OutsideVisit,
    PartCode,
    PastVisit,
    PlanMatch,
    PriorityInputs,
    RecommendationStanding,
)
from services.visits.priorities.rules.score import GAP_SHARES, data_gaps, floor_reasons, part_values
from services.visits.visits.rules.status import VisitType

#: Parts of which something may be missing, so that the mean of the group stands in.
SHARED_PARTS = (PartCode.COMPLAINTS, PartCode.RECOMMENDATIONS, PartCode.VULNERABILITY)

Row = Mapping[str, Any]
Facts = Mapping[str, Sequence[Row]]


def gathered(facts: Facts, today: date) -> list[tuple[Row, PriorityInputs]]:
    """Turn rows into the inputs of the rules, place by place."""
    plans = [
        (json.loads(plan["objectives"]), {each for one in json.loads(plan["activities"]) for each in one["place_ids"]})
        for plan in facts["plans"]
    ]
    index = _Index(facts)
    return [(place, _inputs(place, index, plans, today)) for place in facts["places"]]


class _Index:
    """Rows by place, so that thousands of places cost thousands of look-ups and no more."""

    def __init__(self, facts: Facts) -> None:
        self.visits = _by_place(facts["visits"])
        self.signals = _by_place(facts["signals"])
        self.information = _by_place(facts["information"])
        self.incidents = _by_place(facts["incidents"])
        self.external: dict[UUID, list[Row]] = defaultdict(list)
        self.placed: dict[UUID, list[Row]] = defaultdict(list)
        self.wide = [row for row in facts["recommendations"] if row["scope_kind"] != "place"]
        for row in facts["external_visits"]:
            for place_id in row["place_ids"]:
                self.external[place_id].append(row)
        for row in facts["recommendations"]:
            for place_id in row["place_ids"] if row["scope_kind"] == "place" else ():
                self.placed[place_id].append(row)

    def recommendations(self, place: Row) -> list[Row]:
        """Give the open recommendations that cover a place."""
        return [*self.placed[place["id"]], *(row for row in self.wide if _covers(row, place))]


def _by_place(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["place_id"]].append(row)
    return found


def _covers(recommendation: Row, place: Row) -> bool:
    match recommendation["scope_kind"]:
        case "place_type":
            return place["place_type"] in recommendation["place_types"]
        case "region":
            return place["region"] in recommendation["regions"]
        case _:
            return True


def _inputs(place: Row, index: _Index, plans: list[tuple[Any, set[str]]], today: date) -> PriorityInputs:
    signal, as_of = _signal(index.signals[place["id"]])
    owed, pieces, external = index.recommendations(place), index.information[place["id"]], index.external[place["id"]]
    reprisal = signal.get("reprisal_level") or "none"
    # The source's silence is no answer: an imported row that names no group or flag leaves the question open.
    is_silent = place["origin"] == "imported"
    themes = {row["theme"] for row in (*owed, *pieces) if row["theme"]}
    return PriorityInputs(
        place_code=place["code"],
        type_group=scoring_group(PlaceType(place["place_type"])),
        visits=tuple(PastVisit(VisitType(row["type"]), _age(row["last_on"], today)) for row in index.visits[place["id"]]),
        complaint_level=signal.get("c"),
        silence=signal.get("q"),
        pattern=_pattern(signal.get("pattern_level")),
        open_recommendations=tuple(_open(row, today) for row in owed),
        vulnerable_groups=None
        if is_silent and not place["vulnerable_groups"]
        else frozenset(VulnerableGroup(each) for each in place["vulnerable_groups"]),
        population=place["population"],
        capacity=place["capacity"],
        risk_flags=None if is_silent and not place["risk_flags"] else len(place["risk_flags"]),
        plan=_plan_match(place, themes, plans),
        information=tuple(Information(row["reliability"], row["severity"], _age(row["received_on"], today)) for row in pieces),
        outside_visits=tuple(OutsideVisit(row["body_kind"], _age(row["done_on"], today)) for row in external),
        has_critical_alert=bool(signal.get("has_critical_alert")),
        has_reprisal_signal=reprisal != "none",
        floors=floor_reasons(
            is_reprisal_feared=reprisal == "high",
            # the signal says "within thirty days of its own day": at least this long ago
            days_since_torture_allegation=(today - as_of).days if as_of and signal.get("has_torture_allegation_30d") else None,
            is_reprisal_check_due=any(row["is_check_owed"] for row in external),
            has_open_serious_incident=any(
                raises_priority(IncidentStatus(row["status"]), is_serious=row["is_serious"])
                for row in index.incidents[place["id"]]
            ),
        ),
    )  # fmt: skip


def _signal(rows: list[Row]) -> tuple[dict[str, Any], date | None]:
    return (json.loads(rows[0]["signal"]), rows[0]["as_of"]) if rows else ({}, None)


def _age(day: date, today: date) -> float:
    return max(0.0, components.months_between(day, today))


def _pattern(level: str | None) -> ActivePattern | None:
    return ActivePattern(level) if level and level != "none" else None


def _open(row: Row, today: date) -> OpenRecommendation:
    is_late = bool(row["overdue_addressee_ids"]) or (row["next_due_on"] is not None and row["next_due_on"] < today)
    status = row["implementation_status"]
    standings = (
        (RecommendationStanding.REGRESSED, status == "regressed"),
        (RecommendationStanding.OVERDUE, is_late),
        (RecommendationStanding.CLAIMED_UNVERIFIED, row["is_claimed_implemented"]),
        (RecommendationStanding.PARTLY_IMPLEMENTED, status == "partially_implemented"),
        (RecommendationStanding.IN_PROGRESS, status == "in_progress"),
    )
    standing = next((each for each, is_so in standings if is_so), RecommendationStanding.NOT_DUE)
    return OpenRecommendation(row["priority"], standing, row["is_contradicted"])


def _plan_match(place: Row, themes: set[str], plans: list[tuple[Any, set[str]]]) -> PlanMatch:
    best = PlanMatch(is_named=any(str(place["id"]) in named for _, named in plans))
    for objectives, _ in plans:
        for each in objectives:
            found = replace(
                best,
                matches_type=place["place_type"] in each["place_types"],
                matches_theme=bool(themes & set(each["themes"])),
            )
            if found.matches_type + found.matches_theme > best.matches_type + best.matches_theme:
                best = found
    return best


def group_means(gathered_inputs: list[tuple[Row, PriorityInputs]]) -> dict[TypeGroup, dict[PartCode, float]]:
    """Give, by type group, the mean of each part over the places where nothing of it is missing."""
    values: dict[TypeGroup, dict[PartCode, list[float]]] = defaultdict(lambda: defaultdict(list))
    for _, inputs in gathered_inputs:
        missing = {GAP_SHARES[gap][0] for gap in data_gaps(inputs)}
        known = part_values(inputs)
        for part in SHARED_PARTS:
            if part not in missing:
                values[inputs.type_group][part].append(known[part])
    return {group: {part: fmean(each) for part, each in parts.items()} for group, parts in values.items()}


def plain(value: Any) -> Any:
    """Write inputs as JSON values: sets as sorted lists, codes as texts."""
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(each) for each in value)
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return round(value, 4) if isinstance(value, float) else value

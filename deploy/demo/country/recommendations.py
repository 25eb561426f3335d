"""400 recommendations out of the visits: whom they ask, what was answered and claimed, and what the NPM found itself.

A claim never becomes a finding here either: the two are drawn apart.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from deploy.demo.country import ids
from deploy.demo.country.ids import dice, made_id
from deploy.demo.country.institutions import institution_id
from deploy.demo.country.places import PATTERN_PLACE
from deploy.demo.country.wording import ASKED, MEASURES
from shared.calendar import Calendar

Row = dict[str, Any]

NUMBER = 400
#: Nobody is asked before the report of the visit has been written.
REPORTED_AFTER_DAYS = 75
RESPONSE_WORKING_DAYS = 30
PATTERN_THEME = "access_to_care"
#: The recommendation on medical care at the remand prison: claimed implemented, never verified.
CLAIMED = made_id("recommendation", "claimed")

_CALENDAR = Calendar(country=None)
_HORIZONS = {"immediate": 30, "short": 180, "medium": 540, "long": 1_095}
_POSITIONS = {
    "accepted": 50, "accepted_in_part": 20, "rejected": 9, "under_consideration": 6, "no_competence": 2, "": 13,
}  # fmt: skip
_CLAIMS = {"implemented": 40, "partially_implemented": 18, "in_progress": 27, "not_started": 7, "": 8}
_FOUND = {
    "implemented": 30, "partially_implemented": 24, "in_progress": 15, "not_started": 8, "not_implemented": 12, "regressed": 4,
    "not_assessable": 4, "no_longer_applicable": 3,
}  # fmt: skip
_OBSTACLES = ("resources", "staffing", "infrastructure", "law", "coordination", "training", "disagreement")
_HEALTH = frozenset(("access_to_care", "medical_screening_at_entry", "mental_health", "confidentiality_and_consent"))
_KINDS = {
    "resources": "resources",
    "policy_or_procedure": "policy",
    "attitudes_and_training": "training",
    "law": "legislation",
}
#: The ministry above those who run places.
_MINISTRIES = {ids.PRISON_SERVICE: "justice", ids.POLICE_DIRECTORATE: "interior"}


def recommendations(today: date, places: list[Row], visits: list[Row]) -> list[Row]:
    """Give the recommendations, in the order of the visits."""
    rng = dice("recommendations")
    by_id = {row["id"]: row for row in places}
    pairs = list(_findings(today, visits))
    again = rng.sample(pairs, NUMBER - len(pairs))
    asked = sorted([*pairs, *again], key=lambda pair: (pair[0]["row"], pair[1]["id"]))
    rows, claimed = [], False
    for number, (visit, finding) in enumerate(asked, start=1):
        settled = not claimed and finding["place_id"] == PATTERN_PLACE and finding["theme"] == PATTERN_THEME
        claimed = claimed or settled
        row = _row(number, visit, finding, by_id[finding["place_id"]], today, rng)
        rows.append(_as_claimed(row, today) if settled else row)
    return rows


def _findings(today: date, visits: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Give what was found on visits that have been reported on, where a place has an operator to ask."""
    latest = str(today - timedelta(days=REPORTED_AFTER_DAYS + 1))
    return ((visit, finding) for visit in visits if visit["days"][-1] < latest for finding in visit["findings"])


def _draw(chances: dict[str, int], rng: Random) -> str:
    return rng.choices(list(chances), list(chances.values()))[0]


def _row(number: int, visit: Row, finding: Row, place: Row, today: date, rng: Random) -> Row:
    sent = date.fromisoformat(visit["days"][-1]) + timedelta(days=rng.randint(50, REPORTED_AFTER_DAYS))
    horizon = rng.choice(("immediate", "short", "short", "medium", "medium", "long"))
    reach = "place" if rng.random() < 0.95 else rng.choice(("place_type", "place_type", "region", "system"))
    published = sent + timedelta(days=rng.randint(10, 60)) if rng.random() < 0.85 else None
    addressees = _addressees(finding, place, sent, today, rng)
    found = _findings_on_implementation(sent, today, rng)
    status = found[-1]["status"] if found else None
    state, closed = _state(sent, status, today, rng)
    return {
        "row": f"{number:04}",
        "id": made_id("recommendation", number),
        "text": {"en": ASKED[finding["theme"]]},
        "rationale": finding["text"],
        "arose_from": "visit",
        "visit_id": visit["id"],
        "scope": _scope(reach, place),
        "theme": finding["theme"],
        "priority": {1: "low", 2: "medium", 3: "high", 4: "immediate"}[finding["severity"]],
        "horizon": horizon,
        "root_cause_level": finding["root_cause_level"],
        "kind": _KINDS.get(finding["root_cause_level"], "practice"),
        "state": state,
        "transmitted_on": str(sent),
        "published_on": str(published) if published and published < today and state != "withdrawn" else None,
        "implementation_due": str(sent + timedelta(days=_HORIZONS[horizon])),
        "next_follow_up_on": str(today + timedelta(days=rng.randint(5, 170))) if state == "in_follow_up" else None,
        "closed_on": str(closed) if closed else None,
        "closed_reason": f"the NPM found it {status}".replace("_", " ") if closed else "",
        "addressees": addressees,
        "findings": found,
    }


def _scope(reach: str, place: Row) -> Row:
    return {
        "kind": reach,
        "place_ids": [place["id"]] if reach == "place" else [],
        "place_types": [place["place_type"]] if reach == "place_type" else [],
        "regions": [place["region"]] if reach == "region" else [],
    }


def _addressees(finding: Row, place: Row, sent: date, today: date, rng: Random) -> list[Row]:
    """Ask who runs the place, and in one case of four the ministry above as well."""
    lead = place["operator_id"] or institution_id("interior")
    is_medical = lead == ids.PRISON_SERVICE and finding["theme"] in _HEALTH
    asked = [_addressee(lead, ids.HEALTH_DEPARTMENT if is_medical else None, "lead", sent, today, rng)]
    if rng.random() < 0.25:
        ministry = institution_id(_MINISTRIES.get(lead, "social"))
        asked.append(_addressee(ministry, None, "contributing", sent, today, rng))
    return asked


def _addressee(authority_id: str, department_id: str | None, role: str, sent: date, today: date, rng: Random) -> Row:
    due = _CALENDAR.due_after(sent, working_days=RESPONSE_WORKING_DAYS).due_on
    position = _draw(_POSITIONS, rng)
    took = rng.randint(12, 40) if rng.random() < 0.62 else rng.randint(44, 120)
    answered = sent + timedelta(days=took)
    is_answered = bool(position) and answered < today
    return {
        "authority_id": authority_id,
        "department_id": department_id,
        "role": role,
        "state": "complete" if is_answered else "awaited",
        "due_on": str(due),
        "answer": _answer(position, answered, rng) if is_answered else None,
    }


def _answer(position: str, answered: date, rng: Random) -> Row:
    agrees = position in ("accepted", "accepted_in_part")
    return {
        "position": position,
        "submitted_on": str(answered),
        "claimed_status": (_draw(_CLAIMS, rng) or None) if agrees else None,
        "measures": [{"text": rng.choice(MEASURES), "state": "begun"}] if agrees else [],
        "planned_on": str(answered + timedelta(days=rng.randint(60, 400))) if agrees else None,
        "obstacles": [] if position == "accepted" else [rng.choice(_OBSTACLES)],
        "reasons": "the matter is regulated already" if position == "rejected" and rng.random() < 0.7 else "",
    }


def _findings_on_implementation(sent: date, today: date, rng: Random) -> list[Row]:
    """Give what the NPM found itself: nothing yet for the young ones and for a quarter of the old."""
    age = (today - sent).days
    if age < 160 or rng.random() < 0.25:
        return []
    status, looked = _draw(_FOUND, rng), max(rng.randint(140, age - 5), rng.randint(140, age - 5))
    needs_more = status in ("implemented", "partially_implemented")
    return [
        {
            "on": str(sent + timedelta(days=looked)),
            "status": status,
            "has_other_evidence": needs_more or rng.random() < 0.6,
            "note": "seen on a follow-up visit" if needs_more else "",
        }
    ]


def _state(sent: date, status: str | None, today: date, rng: Random) -> tuple[str, date | None]:
    """Say where a recommendation stands, and when it was closed."""
    age = (today - sent).days
    if age < 45:
        return "transmitted", None
    if status is None and rng.random() < 0.06:
        return "withdrawn", None
    ends = {"implemented": 0.7, "no_longer_applicable": 0.9, "not_implemented": 0.2}.get(status or "", 0.0)
    if rng.random() < ends:
        return "closed", today - timedelta(days=rng.randint(1, min(age - 1, 200)))
    return "in_follow_up", None


def _as_claimed(row: Row, today: date) -> Row:
    """Tell the story's recommendation: asked again, the authority said implemented; nobody has verified it since."""
    again = today - timedelta(days=290)
    answer = {
        "position": "accepted",
        "submitted_on": str(again + timedelta(days=28)),
        "claimed_status": "implemented",
        "measures": [{"text": "two doctors were employed and a list for appointments was introduced", "state": "done"}],
    }
    asked = {
        "authority_id": ids.PRISON_SERVICE,
        "department_id": ids.HEALTH_DEPARTMENT,
        "role": "lead",
        "state": "complete",
        "requested_on": str(again),
        "due_on": str(_CALENDAR.due_after(again, working_days=RESPONSE_WORKING_DAYS).due_on),
        "answer": answer,
    }
    return {
        **row,
        "id": CLAIMED,
        "scope": {"kind": "place", "place_ids": [PATTERN_PLACE], "place_types": [], "regions": []},
        "priority": "high",
        "state": "in_follow_up",
        "next_follow_up_on": str(today + timedelta(days=20)),
        "closed_on": None,
        "closed_reason": "",
        "addressees": [asked],
        "findings": [],
    }

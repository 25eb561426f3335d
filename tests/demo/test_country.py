"""The made-up country by itself: how much there is of what, the same every time, and the story in its numbers."""

from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from pydantic import TypeAdapter

from deploy.demo.country import ids
from deploy.demo.country.complaints import PATTERN_THEME
from deploy.demo.country.places import DROP_PLACE, PATTERN_PLACE, SILENT_PLACE, WATCH_PLACE
from deploy.demo.country.recommendations import CLAIMED
from deploy.demo.country.whole import Country, country
from gateway.development import PERSONAS
from services.complaints.patterns import rules as patterns
from services.complaints.patterns.rules import PatternLevel
from services.complaints.silences import rules as silences
from services.recommendations.recommendations.rules import ImplementationStatus
from services.recommendations.responses.rules import ResponsePosition
from services.stakeholders.authorities.rules import no_cycle
from services.visits.places.rules import TYPE_GROUPS, PlaceType
from services.visits.places.schemas.imports import PlaceImportRow
from services.visits.visits.rules.status import VisitType
from shared.themes import THEMES

TODAY = date(2026, 3, 2)
Row = dict[str, Any]


@cache
def made() -> Country:
    """Make the country once for all tests."""
    return country(TODAY)


def rows(kind: str) -> list[Row]:
    return made().imports[kind]


def age(day: str) -> int:
    return (TODAY - date.fromisoformat(day)).days


def test_the_country_has_as_much_of_everything_as_the_screens_need() -> None:
    institutions = Counter(row["kind"] for row in rows("authorities"))

    assert institutions["authority"] + institutions["department"] == 80
    assert {kind: len(rows(kind)) for kind in ("places", "visits", "recommendations", "complaints")} == {
        "places": 300,
        "visits": 60,
        "recommendations": 400,
        "complaints": 2_000,
    }


def test_the_same_day_makes_the_same_country() -> None:
    assert country(TODAY) == made()


def test_another_day_makes_the_same_country_with_later_history() -> None:
    later = country(TODAY + timedelta(days=17)).imports

    assert [row["id"] for row in later["complaints"]] == [row["id"] for row in rows("complaints")]
    assert [row["name"] for row in later["places"]] == [row["name"] for row in rows("places")]


def test_history_ends_yesterday() -> None:
    ended = [row["received_on"] for row in rows("complaints")]
    ended += [day for row in rows("visits") for day in row["days"]]
    ended += [row["transmitted_on"] for row in rows("recommendations")]

    assert max(ended) <= str(TODAY - timedelta(days=1))
    assert min(age(day) for day in ended) >= 1


def test_every_type_of_place_and_of_visit_is_there() -> None:
    assert {row["place_type"] for row in rows("places")} == {each.value for each in PlaceType}
    assert {row["type"] for row in rows("visits")} == {each.value for each in VisitType}


@pytest.mark.parametrize("kind", list(country(TODAY).imports))
def test_no_row_and_no_id_stands_twice(kind: str) -> None:
    for name in ("row", "id"):
        counted = Counter(row[name] for row in rows(kind))
        assert counted.most_common(1)[0][1] == 1


def test_places_and_people_have_names_of_their_own() -> None:
    for kind in ("places", "persons", "authorities"):
        assert len({row["name"] for row in rows(kind)}) == len(rows(kind))


def test_the_hierarchy_of_institutions_has_no_circle_and_parents_come_first() -> None:
    parents = {row["row"]: row.get("parents", []) for row in rows("authorities")}
    seen: set[str] = set()

    assert no_cycle(parents)
    for row, above in parents.items():
        assert seen.issuperset(above)
        seen.add(row)


def test_the_ids_are_those_that_the_personas_carry() -> None:
    people = {row["id"] for row in rows("persons")}
    institutions = {row["id"] for row in rows("authorities")}

    for persona in PERSONAS.values():
        bound = dict(persona.bound)
        assert persona.audience_class != "npm" or persona.subject in people
        assert bound.get("expert_id", ids.EXPERT) in people
        assert {bound[name] for name in ("authority_id", "partner_id") if name in bound} <= institutions


def test_what_is_pointed_at_is_there() -> None:
    places, institutions = {row["id"] for row in rows("places")}, {row["id"] for row in rows("authorities")}
    people, visits = {row["id"] for row in rows("persons")}, {row["id"] for row in rows("visits")}

    assert {row["operator_id"] for row in rows("places")} - {None} <= institutions
    assert {each for row in rows("visits") for each in row["place_ids"]} <= places
    assert {each["person_id"] for row in rows("visits") for each in row["note"]["team"]} <= people
    assert {row["person_id"] for row in rows("accreditations")} | {
        row["expert_id"] for row in rows("experts")
    } <= people
    assert {row["place_id"] for row in rows("complaints")} <= places
    assert {row["visit_id"] for row in rows("recommendations")} <= visits
    asked = [each for row in rows("recommendations") for each in row["addressees"]]
    assert {each["authority_id"] for each in asked} <= institutions


def test_themes_are_those_of_the_taxonomy() -> None:
    used = {theme for row in rows("complaints") for theme in row["themes"]}
    used |= {row["theme"] for row in rows("recommendations")}
    used |= {each["theme"] for row in rows("visits") for each in row["note"]["findings"]}

    assert used <= set(THEMES)


def test_every_position_and_every_status_can_be_seen_on_the_dashboard() -> None:
    recommendations = rows("recommendations")
    found = {each["status"] for row in recommendations for each in row["findings"]}
    addressees = [each for row in recommendations for each in row["addressees"]]
    positions = {each["answer"]["position"] for each in addressees if each["answer"]}

    assert found == {status.value for status in ImplementationStatus}
    assert positions == {position.value for position in ResponsePosition}
    assert {row["state"] for row in recommendations} == {"transmitted", "in_follow_up", "closed", "withdrawn"}
    assert any(not each["answer"] and age(each["due_on"]) > 0 for each in addressees)


def test_what_was_withdrawn_is_not_published() -> None:
    assert not any(row["published_on"] for row in rows("recommendations") if row["state"] == "withdrawn")


def test_the_claim_on_medical_care_at_the_remand_prison_was_never_verified() -> None:
    [claimed] = [row for row in rows("recommendations") if row["id"] == CLAIMED]
    [addressee] = claimed["addressees"]

    assert claimed["scope"]["place_ids"] == [PATTERN_PLACE]
    assert (claimed["theme"], claimed["findings"]) == (PATTERN_THEME, [])
    assert (addressee["authority_id"], addressee["department_id"]) == (ids.PRISON_SERVICE, ids.HEALTH_DEPARTMENT)
    assert addressee["answer"]["claimed_status"] == "implemented"


def _group(place_id: str) -> str:
    [place] = [row for row in rows("places") if row["id"] == place_id]
    return TYPE_GROUPS[PlaceType(place["place_type"])].value


def _found(theme_and_place: tuple[str, str]) -> patterns.Find:
    """Judge one cell in the family of all cells of theme and place, as a run does."""
    groups = {row["id"]: TYPE_GROUPS[PlaceType(row["place_type"])].value for row in rows("places")}
    people = {row["id"]: row["population"][-1]["count"] if row["population"] else None for row in rows("places")}
    window: Counter[tuple[str, str]] = Counter()
    baseline: Counter[tuple[str, str]] = Counter()
    for row in rows("complaints"):
        days, cell = age(row["incident_from"]), (row["themes"][0], row["place_id"])
        window[cell] += days < patterns.WINDOW_DAYS
        baseline[cell] += patterns.WINDOW_DAYS <= days < patterns.WINDOW_DAYS + patterns.BASELINE_DAYS

    def prior(theme: str, place_id: str) -> float:
        same = [each for each in groups if groups[each] == groups[place_id]]
        known = [
            patterns.PlaceBaseline(
                place=each, type_group=groups[each], population=people[each], incidents=baseline[theme, each]
            )
            for each in same
        ]
        return patterns.prior_mean([place_id], known).mu

    cells = [
        patterns.Cell(key=str(cell), n=window[cell], baseline=baseline[cell], mu=prior(*cell), sources=2)
        for cell in window
    ]
    [found] = [find for find in patterns.finds(cells) if find.cell.key == str(theme_and_place)]
    return found


def test_medical_complaints_pile_up_at_one_remand_prison() -> None:
    found = _found((PATTERN_THEME, PATTERN_PLACE))

    assert found.level is PatternLevel.STRONG
    assert found.ratio > 10


def test_one_more_place_is_worth_watching_and_no_more() -> None:
    assert _found(("use_of_force_and_weapons", WATCH_PLACE)).level is PatternLevel.WATCH


def test_a_comparable_larger_prison_is_silent() -> None:
    people = {row["id"]: row["population"][-1]["count"] if row["population"] else None for row in rows("places")}
    heard = Counter(row["place_id"] for row in rows("complaints") if age(row["received_on"]) < 365)
    years = [
        silences.PlaceYear(place=each, type_group=_group(each), population=people[each], incidents=heard[each])
        for each in people
    ]
    expected = silences.expectation(SILENT_PLACE, years).expected

    assert _group(SILENT_PLACE) == _group(PATTERN_PLACE)
    assert (people[SILENT_PLACE] or 0) > (people[PATTERN_PLACE] or 0)
    assert not any(row["place_id"] == SILENT_PLACE for row in rows("complaints"))
    assert silences.silence(0, expected).is_flagged
    assert "military" in silences.silent_type_groups(years)


def test_a_hospital_that_was_heard_has_fallen_silent() -> None:
    ages = [age(row["received_on"]) for row in rows("complaints") if row["place_id"] == DROP_PLACE]
    last = sum(days < 182 for days in ages)

    assert silences.is_sudden_drop(sum(182 <= days < 365 for days in ages), last)


def test_what_is_critical_is_rare() -> None:
    critical = [row for row in rows("complaints") if row["seriousness"] == "critical"]

    assert len(critical) == 7
    assert sum(age(row["incident_from"]) < 30 for row in critical) == 1


def test_rows_of_places_are_what_the_import_takes() -> None:
    TypeAdapter(list[PlaceImportRow]).validate_python(rows("places"), strict=False)

"""The rules of the directory."""

from datetime import date

import pytest

from services.stakeholders.authorities.rules import (
    CIRCLES,
    AuthorityCategory,
    ContactLevel,
    Designation,
    DesignationKind,
    DesignationProblem,
    DialogueCircle,
    StakeholderKind,
    designation_problems,
    focal_points,
    may_be_parent,
    missing_circles,
    no_cycle,
    validating_officials,
)

SINCE, UNTIL = date(2025, 1, 1), date(2025, 12, 31)
PAST = Designation(contact_id="past", kind=DesignationKind.FOCAL_POINT, since=SINCE, until=UNTIL)
NOW = Designation(contact_id="now", kind=DesignationKind.FOCAL_POINT, since=date(2026, 1, 1))


def test_the_kinds_of_stakeholder() -> None:
    kinds = "authority department monitoring_body civil_society international_body partner_body other"

    assert [kind.value for kind in StakeholderKind] == kinds.split()


@pytest.mark.requirement("R-S06")
def test_parliament_judges_and_defenders_are_interlocutors() -> None:
    categories = (
        "place_management place_staff_body line_ministry supervising_service other_ministry specialised_agency "
        "finance_budget parliament judiciary prosecution public_defence local_government private_operator"
    )

    assert [category.value for category in AuthorityCategory] == categories.split()


@pytest.mark.requirement("R-S05")
def test_one_talks_at_political_and_technical_level() -> None:
    assert [level.value for level in ContactLevel] == "political_high technical operational".split()


@pytest.mark.requirement("R-S04")
def test_a_mapping_covers_four_circles() -> None:
    assert set(CIRCLES) == set(AuthorityCategory)
    assert missing_circles(AuthorityCategory) == ()
    assert missing_circles([]) == tuple(DialogueCircle)
    assert missing_circles([AuthorityCategory.LINE_MINISTRY, AuthorityCategory.PARLIAMENT]) == (
        DialogueCircle.RUNNING_PLACES,
        DialogueCircle.STAFF,
    )


@pytest.mark.parametrize(
    ("parents", "is_free"),
    [
        ({}, True),
        ({"a": []}, True),
        ({"a": ["b"], "b": ["c"], "c": []}, True),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, True),
        ({"a": ["a"]}, False),
        ({"a": ["b"], "b": ["a"]}, False),
        ({"a": ["b"], "b": ["c"], "c": ["a"], "d": []}, False),
    ],
)
def test_nobody_is_above_themselves(parents: dict[str, list[str]], is_free: bool) -> None:
    assert no_cycle(parents) == is_free


def test_a_long_line_of_institutions_is_no_trouble() -> None:
    assert no_cycle({str(number): [str(number + 1)] for number in range(5000)})


def test_a_new_parent_closes_no_circle() -> None:
    parents = {"department": ["ministry"], "ministry": ["government"]}

    assert may_be_parent(parents, "department", "government")
    assert not may_be_parent(parents, "government", "department")
    assert not may_be_parent(parents, "department", "department")


@pytest.mark.requirement("R-S07")
@pytest.mark.parametrize(
    ("day", "holders"),
    [(date(2024, 12, 31), ()), (SINCE, ("past",)), (UNTIL, ("past",)), (date(2026, 1, 1), ("now",))],
)
def test_who_was_focal_point_then_stays_true(day: date, holders: tuple[str, ...]) -> None:
    assert focal_points([PAST, NOW], day) == holders


def test_where_nobody_is_named_the_focal_point_submits() -> None:
    official = Designation(contact_id="official", kind=DesignationKind.VALIDATING_OFFICIAL, since=date(2026, 6, 1))

    assert validating_officials([NOW, official], date(2026, 5, 31)) == ("now",)
    assert validating_officials([NOW, official], date(2026, 6, 1)) == ("official",)


@pytest.mark.parametrize(
    ("since", "until", "is_free"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), True),
        (date(2024, 1, 1), SINCE, False),
        (UNTIL, None, False),
        (date(2026, 1, 1), None, True),
        (date(2024, 1, 1), None, False),
    ],
)
def test_one_focal_point_at_a_time(since: date, until: date | None, is_free: bool) -> None:
    new = Designation(contact_id="new", kind=DesignationKind.FOCAL_POINT, since=since, until=until)

    assert designation_problems(new, [PAST]) == (() if is_free else (DesignationProblem.ANOTHER_FOCAL_POINT,))


@pytest.mark.parametrize("kind", [DesignationKind.ALTERNATE, DesignationKind.VALIDATING_OFFICIAL])
def test_others_may_stand_beside_a_focal_point(kind: DesignationKind) -> None:
    assert designation_problems(Designation(contact_id="new", kind=kind, since=UNTIL), [PAST]) == ()


def test_the_same_person_may_be_designated_again() -> None:
    again = Designation(contact_id="past", kind=DesignationKind.FOCAL_POINT, since=UNTIL)

    assert designation_problems(again, [PAST]) == ()


def test_a_designation_does_not_end_before_it_begins() -> None:
    backwards = Designation(contact_id="new", kind=DesignationKind.ALTERNATE, since=UNTIL, until=SINCE)

    assert designation_problems(backwards, []) == (DesignationProblem.ENDS_BEFORE_IT_BEGINS,)

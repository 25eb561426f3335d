"""The rules of an accreditation."""

from datetime import date
from itertools import product

import pytest

from services.stakeholders.accreditations.rules import (
    ACCREDITATION,
    AccreditationAction,
    AccreditationGap,
    AccreditationStatus,
    ends_before_visit,
    granting_gaps,
    is_expired,
    is_valid,
    refusal_gaps,
    tells_too_much,
)
from tests.architecture import declared

BEGIN, END, AFTER = date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)


@pytest.mark.parametrize(("status", "action"), list(product(AccreditationStatus, AccreditationAction)))
def test_every_act_leads_where_the_declared_machine_says(
    status: AccreditationStatus, action: AccreditationAction
) -> None:
    assert declared.reached(ACCREDITATION, status, action) == declared.target("accreditation", status, action)


@pytest.mark.parametrize("status", AccreditationStatus)
@pytest.mark.parametrize(("day", "inside"), [(date(2025, 12, 31), False), (BEGIN, True), (END, True), (AFTER, False)])
def test_only_a_granted_one_in_its_dates_is_valid(status: AccreditationStatus, day: date, inside: bool) -> None:
    is_granted = status is AccreditationStatus.GRANTED

    assert is_valid(status, BEGIN, END, day) == (inside and is_granted)
    assert is_expired(status, END, day) == (day == AFTER and is_granted)


def test_one_that_ends_before_the_last_visit_day_is_told() -> None:
    assert ends_before_visit(END, AFTER)
    assert not ends_before_visit(END, END)


@pytest.mark.parametrize(
    ("begin", "end", "gaps"),
    [
        (BEGIN, END, ()),
        (BEGIN, BEGIN, ()),
        (END, BEGIN, (AccreditationGap.DATES,)),
        (None, END, (AccreditationGap.DATES,)),
        (BEGIN, None, (AccreditationGap.DATES,)),
    ],
)
def test_granting_needs_dates(begin: date | None, end: date | None, gaps: tuple[AccreditationGap, ...]) -> None:
    assert granting_gaps(begin, end) == gaps


def test_what_came_on_paper_is_filed() -> None:
    assert granting_gaps(BEGIN, END, came_on_paper=True) == (AccreditationGap.DOCUMENT,)
    assert granting_gaps(BEGIN, END, came_on_paper=True, is_document_filed=True) == ()


def test_a_refusal_says_why() -> None:
    assert refusal_gaps("") == (AccreditationGap.REASON,)
    assert refusal_gaps("security check") == ()


@pytest.mark.requirement("R-V56")
@pytest.mark.parametrize("field", ["visit_id", "place_id", "purpose"])
def test_a_request_tells_an_authority_nothing_about_visits(field: str) -> None:
    told = frozenset({"person_id", "authority_id", "from_on", "to_on"})

    assert not tells_too_much(told)
    assert tells_too_much(told | {field})

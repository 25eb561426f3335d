"""The rules of an expert's assignment to a visit."""

from datetime import date, timedelta
from itertools import product

import pytest

from services.visits.assignments.rules import (
    EXPERT_ASSIGNMENT,
    AssignmentAction,
    AssignmentGap,
    AssignmentStatus,
    clearance_gaps,
    closing_gaps,
    confirmation_gaps,
    deployment_gaps,
    has_access,
    limitation_gaps,
)
from tests.architecture import declared

DAYS = [date(2026, 5, 4), date(2026, 5, 5)]
GONE = {AssignmentStatus.CLOSED, AssignmentStatus.WITHDRAWN}


@pytest.mark.parametrize(("status", "action"), list(product(AssignmentStatus, AssignmentAction)))
def test_every_act_leads_where_the_declared_machine_says(status: AssignmentStatus, action: AssignmentAction) -> None:
    assert declared.reached(EXPERT_ASSIGNMENT, status, action) == declared.target("expert_assignment", status, action)


@pytest.mark.requirement("R-S72")
def test_an_expert_is_cleared_by_a_declaration_for_this_visit() -> None:
    assert clearance_gaps(is_declaration_renewed=True, is_excluded=False) == ()
    assert clearance_gaps(is_declaration_renewed=False, is_excluded=False) == (AssignmentGap.DECLARATION,)


def test_an_excluding_conflict_clears_nobody() -> None:
    assert clearance_gaps(is_declaration_renewed=True, is_excluded=True) == (AssignmentGap.CONFLICT,)


def test_an_expert_is_confirmed_in_standing_on_all_days() -> None:
    assert confirmation_gaps(days=DAYS, standing_days=DAYS) == ()
    assert confirmation_gaps(days=DAYS, standing_days=DAYS[:1]) == (AssignmentGap.STANDING,)
    assert confirmation_gaps(days=[], standing_days=DAYS) == (AssignmentGap.STANDING,)


def test_who_only_prepares_is_bound_and_trained_all_the_same() -> None:
    nothing = limitation_gaps(has_contract=False, has_confidentiality=False, is_trained=False, may_prepare=False)

    assert limitation_gaps(has_contract=True, has_confidentiality=True, is_trained=True, may_prepare=True) == ()
    assert nothing == (
        AssignmentGap.CONTRACT,
        AssignmentGap.CONFIDENTIALITY,
        AssignmentGap.TRAINING,
        AssignmentGap.CONFLICT,
    )


@pytest.mark.requirement("R-V67")
def test_nobody_is_deployed_alone() -> None:
    assert deployment_gaps(is_visit_in_progress=True, is_in_standing=True, is_accompanied=True) == ()
    assert deployment_gaps(is_visit_in_progress=True, is_in_standing=True, is_accompanied=False) == (
        AssignmentGap.ALONE,
    )


def test_nobody_is_deployed_before_the_visit_or_out_of_standing() -> None:
    found = deployment_gaps(is_visit_in_progress=False, is_in_standing=False, is_accompanied=True)

    assert found == (AssignmentGap.VISIT_NOT_ON, AssignmentGap.STANDING)


def test_an_assignment_closes_when_nothing_more_is_awaited() -> None:
    went, prepared = AssignmentStatus.DEBRIEFED, AssignmentStatus.PREPARATION_ONLY

    assert closing_gaps(went, are_comments_settled=False, has_contribution=True) == (AssignmentGap.COMMENT,)
    assert closing_gaps(went, are_comments_settled=True, has_contribution=False) == ()
    assert closing_gaps(prepared, are_comments_settled=True, has_contribution=False) == (AssignmentGap.CONTRIBUTION,)
    assert closing_gaps(prepared, are_comments_settled=False, has_contribution=True) == ()


@pytest.mark.parametrize("status", AssignmentStatus)
@pytest.mark.parametrize(("days_off", "inside"), [(-1, False), (0, True), (1, True), (2, False)])
def test_an_expert_sees_the_visit_from_preparation_to_the_last_comment(
    status: AssignmentStatus, days_off: int, inside: bool
) -> None:
    today = DAYS[0] + timedelta(days=days_off)

    found = has_access(status, is_in_standing=True, today=today, from_on=DAYS[0], until_on=DAYS[1])

    assert found == (inside and status not in GONE)


def test_without_standing_or_dates_an_expert_sees_nothing() -> None:
    status = AssignmentStatus.CONFIRMED

    assert not has_access(status, is_in_standing=False, today=DAYS[0], from_on=DAYS[0], until_on=DAYS[1])
    assert not has_access(status, is_in_standing=True, today=DAYS[0], from_on=None, until_on=DAYS[1])
    assert not has_access(status, is_in_standing=True, today=DAYS[0], from_on=DAYS[0], until_on=None)

"""The kinds and states of a plan; no database, no HTTP."""

from datetime import date
from itertools import product

import pytest

from services.visits.plans.rules.status import (
    PLAN,
    ActivityKind,
    ObjectiveKind,
    PlanAction,
    PlanKind,
    PlanStatus,
    is_evaluation_due,
    is_in_force,
)
from tests.architecture import declared

FROM, TO = date(2026, 1, 1), date(2026, 12, 31)
BINDING = {PlanStatus.ADOPTED, PlanStatus.UNDER_REVIEW}


@pytest.mark.parametrize(("status", "action"), list(product(PlanStatus, PlanAction)))
def test_every_act_leads_where_the_declared_machine_says(status: PlanStatus, action: PlanAction) -> None:
    assert declared.reached(PLAN, status, action) == declared.target("plan", status, action)


@pytest.mark.requirement("R-V40")
def test_the_head_alone_adopts_a_plan() -> None:
    assert PLAN.step(PlanStatus.FINAL_DRAFT, PlanAction.ADOPT).by == {"head"}


@pytest.mark.requirement("R-V15")
def test_the_kinds_of_plan() -> None:
    assert [kind.value for kind in PlanKind] == "strategic operational preliminary interim".split()


@pytest.mark.requirement("R-V37")
def test_an_objective_may_be_about_the_institution() -> None:
    assert [kind.value for kind in ObjectiveKind] == ["detention_change", "institutional"]


@pytest.mark.requirement("R-V31")
def test_the_kinds_of_activity() -> None:
    kinds = "visit report dialogue training education legal_policy institutional_development strategy_preparation other"

    assert [kind.value for kind in ActivityKind] == kinds.split()


@pytest.mark.parametrize("status", PlanStatus)
@pytest.mark.parametrize(
    ("today", "inside"),
    [(date(2025, 12, 31), False), (FROM, True), (TO, True), (date(2027, 1, 1), False)],
)
def test_a_plan_is_in_force_between_its_dates(status: PlanStatus, today: date, inside: bool) -> None:
    assert is_in_force(status, FROM, TO, today) == (inside and status in BINDING)


@pytest.mark.parametrize("status", PlanStatus)
def test_an_adopted_plan_waits_for_its_evaluation_when_it_is_over(status: PlanStatus) -> None:
    assert not is_evaluation_due(status, TO, TO)
    assert is_evaluation_due(status, TO, date(2027, 1, 1)) == (status in BINDING)

"""The rules of a visit proposal."""

from datetime import date
from itertools import product

import pytest

from services.visits.proposals.rules import (
    SYSTEM_TRIGGERS,
    VISIT_PROPOSAL,
    ProposalAction,
    ProposalStatus,
    ProposalTrigger,
    calls_for_reprisal_check,
    is_past_due,
    needs_head,
    reprisal_check_due_on,
)
from services.visits.visits.rules.status import VisitType
from tests.architecture import declared


@pytest.mark.parametrize(("status", "action"), list(product(ProposalStatus, ProposalAction)))
def test_every_act_leads_where_the_declared_machine_says(status: ProposalStatus, action: ProposalAction) -> None:
    assert declared.reached(VISIT_PROPOSAL, status, action) == declared.target("visit_proposal", status, action)


def test_patterns_and_other_triggers_open_a_proposal() -> None:
    triggers = "score pattern reprisal request objective external_visit information access_incident"

    assert [trigger.value for trigger in ProposalTrigger] == triggers.split()
    assert {each.value for each in SYSTEM_TRIGGERS} == set("pattern reprisal request external_visit score".split())


@pytest.mark.parametrize("visit_type", VisitType)
def test_the_head_alone_accepts_ad_hoc_and_reactive_visits(visit_type: VisitType) -> None:
    found = needs_head(ProposalAction.ACCEPT, trigger=ProposalTrigger.SCORE, visit_type=visit_type)

    assert found == (visit_type in (VisitType.AD_HOC, VisitType.REACTIVE))


@pytest.mark.parametrize("trigger", ProposalTrigger)
def test_the_head_alone_declines_after_a_reprisal(trigger: ProposalTrigger) -> None:
    assert needs_head(ProposalAction.DECLINE, trigger=trigger) == (trigger is ProposalTrigger.REPRISAL)


def test_putting_off_needs_no_head() -> None:
    assert not needs_head(ProposalAction.DEFER, trigger=ProposalTrigger.REPRISAL, visit_type=VisitType.REACTIVE)


@pytest.mark.parametrize("status", ProposalStatus)
def test_a_decision_is_owed_after_the_due_day(status: ProposalStatus) -> None:
    due_on = date(2026, 6, 1)

    assert not is_past_due(status, due_on, due_on)
    assert is_past_due(status, due_on, date(2026, 6, 2)) == (status is ProposalStatus.OPEN)


@pytest.mark.requirement("R-V103")
@pytest.mark.parametrize(
    ("body_kind", "follows"),
    [("spt", True), ("special_rapporteur_torture", True), ("iachr_or_rapporteurship", True), ("ngo_visitor", False)],
)
def test_an_international_visit_is_followed_by_a_check_for_reprisals(body_kind: str, follows: bool) -> None:
    assert calls_for_reprisal_check(body_kind) == follows


@pytest.mark.requirement("R-V103")
def test_the_check_comes_within_thirty_days() -> None:
    assert reprisal_check_due_on(date(2026, 5, 15)) == date(2026, 6, 14)

"""What a recommendation may do in every state, and what each step asks for."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from services.recommendations.recommendations import rules
from services.recommendations.recommendations.rules import (
    RECOMMENDATION,
    Draft,
    ImplementationStatus,
    QualityCriterion,
    RecommendationAction,
    RecommendationState,
)
from shared.workflow import IllegalTransition

TODAY = date(2026, 11, 2)
DRAFT = Draft(
    text={"en": "Unlock the cells for eight hours a day"},
    theme="time_out_of_cell",
    scope="place",
    root_cause_level="place_management",
    addressee_roles=["lead", "contributing"],
    quality=dict.fromkeys(QualityCriterion, False),
)

RECOMMENDATION_LEADS_TO: dict[tuple[str, str], str] = {
    ("draft", "submit"): "internal_review",
    ("internal_review", "return"): "draft",
    ("internal_review", "consult"): "draft_consultation",
    ("draft_consultation", "return"): "draft",
    ("internal_review", "approve"): "approved",
    ("draft_consultation", "approve"): "approved",
    ("approved", "withdraw_approval"): "draft",
    ("approved", "transmit"): "transmitted",
    ("transmitted", "publish"): "in_follow_up",
    ("transmitted", "start_follow_up"): "in_follow_up",
    ("in_follow_up", "publish"): "in_follow_up",
    ("closed", "publish"): "closed",
    ("in_follow_up", "close"): "closed",
    ("closed", "reopen"): "in_follow_up",
    ("transmitted", "withdraw"): "withdrawn",
    ("in_follow_up", "withdraw"): "withdrawn",
    ("draft", "drop"): "dropped",
    ("internal_review", "drop"): "dropped",
    ("draft_consultation", "drop"): "dropped",
    ("approved", "drop"): "dropped",
}


@pytest.mark.parametrize(("state", "action"), list(product(RecommendationState, RecommendationAction)))
def test_every_action_on_a_recommendation_is_decided_in_every_state(
    state: RecommendationState, action: RecommendationAction
) -> None:
    leads_to = RECOMMENDATION_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            RECOMMENDATION.after(state, action)
    else:
        assert RECOMMENDATION.after(state, action) == leads_to


@pytest.mark.parametrize("role", ["secondee", "expert", "staff", "authority_validator"])
def test_only_the_approver_approves(role: str) -> None:
    assert RecommendationAction.APPROVE not in RECOMMENDATION.allowed(RecommendationState.INTERNAL_REVIEW, [role])
    assert RecommendationAction.APPROVE in RECOMMENDATION.allowed(RecommendationState.INTERNAL_REVIEW, ["approver"])


@pytest.mark.requirement("R-R09")
@pytest.mark.parametrize("role", ["authority_official", "authority_focal_point", "authority_validator"])
@pytest.mark.parametrize("state", RecommendationState)
def test_an_authority_never_moves_a_recommendation(state: RecommendationState, role: str) -> None:
    assert RECOMMENDATION.allowed(state, [role]) == ()


def test_a_whole_draft_can_be_submitted() -> None:
    assert rules.missing_for_submit(DRAFT) == ()


@pytest.mark.requirement("R-R01")
def test_a_draft_says_what_it_lacks() -> None:
    empty = Draft(text={"en": " "}, theme=None, scope=None, root_cause_level=None, addressee_roles=[], quality={})

    missing = rules.missing_for_submit(empty)

    assert missing[:5] == ("text", "theme", "scope", "root_cause_level", "lead addressee")
    assert len(missing) == 5 + 10


@pytest.mark.requirement("R-R02")
def test_a_contributing_addressee_alone_is_not_enough() -> None:
    assert rules.missing_for_submit(replace(DRAFT, addressee_roles=["contributing"])) == ("lead addressee",)


@pytest.mark.parametrize("criterion", QualityCriterion)
def test_each_of_the_ten_questions_needs_an_answer(criterion: QualityCriterion) -> None:
    answers: dict[str, bool] = {one: True for one in QualityCriterion if one is not criterion}

    assert rules.missing_for_submit(replace(DRAFT, quality=answers)) == (f"quality.{criterion.value}",)


@pytest.mark.parametrize(
    ("findings", "basis", "missing"),
    [
        (1, None, ()),
        (0, "analysis of the bill", ()),
        (0, "  ", ("findings or another stated basis",)),
        (0, None, ("findings or another stated basis",)),
    ],
)
def test_a_recommendation_rests_on_something(findings: int, basis: str | None, missing: tuple[str, ...]) -> None:
    assert rules.missing_for_approval(finding_count=findings, stated_basis=basis) == missing


@pytest.mark.requirement("R-R15")
@pytest.mark.parametrize("due_dates", [[], [None], [TODAY, None]])
def test_nothing_is_transmitted_without_a_due_date_for_each_addressee(due_dates: list[date | None]) -> None:
    assert rules.missing_for_transmission(due_dates)
    assert rules.missing_for_transmission([TODAY, TODAY]) == ()


@pytest.mark.requirement("R-R24")
@pytest.mark.parametrize(("days", "is_fine"), [(1, True), (180, True), (181, False), (None, False)])
def test_follow_up_always_has_a_next_date(days: int | None, is_fine: bool) -> None:
    next_on = None if days is None else TODAY + timedelta(days=days)

    assert (rules.missing_for_follow_up(next_on, TODAY) == ()) is is_fine


@pytest.mark.parametrize("status", [None, *ImplementationStatus])
def test_only_a_finding_that_ends_the_matter_closes(status: ImplementationStatus | None) -> None:
    ending = (ImplementationStatus.IMPLEMENTED, ImplementationStatus.NO_LONGER_APPLICABLE)

    assert (rules.missing_for_closing(status) == ()) is (status in ending)
    assert rules.missing_for_closing(status, superseded=True) == ()


def test_giving_up_needs_a_reason() -> None:
    assert rules.missing_for_closing(ImplementationStatus.NOT_IMPLEMENTED, reason=" ") == ("reason",)
    assert rules.missing_for_closing(ImplementationStatus.NOT_IMPLEMENTED, reason="prison closed for good") == ()


def test_a_reason_alone_closes_nothing_else() -> None:
    assert rules.missing_for_closing(ImplementationStatus.IN_PROGRESS, reason="no time")


@pytest.mark.parametrize(("days", "is_due"), [(-1, False), (0, True), (1, True)])
def test_follow_up_is_due_on_the_day_itself(days: int, is_due: bool) -> None:
    today = TODAY + timedelta(days=days)

    assert rules.is_follow_up_due(RecommendationState.IN_FOLLOW_UP, TODAY, today) is is_due
    assert not rules.is_follow_up_due(RecommendationState.CLOSED, TODAY, today)
    assert not rules.is_follow_up_due(RecommendationState.IN_FOLLOW_UP, None, today)


@pytest.mark.parametrize(
    ("state", "due", "status", "is_overdue"),
    [
        (RecommendationState.IN_FOLLOW_UP, TODAY - timedelta(days=1), None, True),
        (RecommendationState.IN_FOLLOW_UP, TODAY - timedelta(days=1), ImplementationStatus.IN_PROGRESS, True),
        (RecommendationState.IN_FOLLOW_UP, TODAY - timedelta(days=1), ImplementationStatus.IMPLEMENTED, False),
        (RecommendationState.IN_FOLLOW_UP, TODAY, None, False),
        (RecommendationState.IN_FOLLOW_UP, None, None, False),
        (RecommendationState.CLOSED, TODAY - timedelta(days=1), None, False),
    ],
)
def test_implementation_is_overdue_until_a_finding_says_implemented(
    state: RecommendationState, due: date | None, status: ImplementationStatus | None, is_overdue: bool
) -> None:
    assert rules.is_implementation_overdue(state, due, status, TODAY) is is_overdue


@pytest.mark.parametrize(("days", "is_stalled"), [(179, False), (180, True)])
def test_a_recommendation_stalls_after_180_silent_days(days: int, is_stalled: bool) -> None:
    last = TODAY - timedelta(days=days)

    assert rules.is_stalled(RecommendationState.IN_FOLLOW_UP, last, TODAY) is is_stalled
    assert not rules.is_stalled(RecommendationState.CLOSED, last, TODAY)


@pytest.mark.parametrize(("level", "speaks"), [("weak", True), ("strong", True), ("none", False), (None, False)])
def test_complaints_contradict_a_claim_and_nothing_else(level: str | None, speaks: bool) -> None:
    assert rules.is_contradicted(claimed_implemented=True, signal_level=level) is speaks
    assert not rules.is_contradicted(claimed_implemented=False, signal_level=level)

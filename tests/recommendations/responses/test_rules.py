"""What an authority owes, who hands it in, and when it is late."""

from datetime import date, timedelta
from itertools import product

import pytest

from services.recommendations.responses import rules
from services.recommendations.responses.rules import (
    AUTHORITY_RESPONSE,
    RESPONSE,
    Answer,
    AnswerVersionState,
    AskedPart,
    AuthorityResponseAction,
    Obstacle,
    ResponseAction,
    ResponsePosition,
    ResponseState,
)
from shared.workflow import IllegalTransition

DUE = date(2026, 4, 14)

RESPONSE_LEADS_TO: dict[tuple[str, str], str] = {
    ("not_requested", "request"): "awaited",
    ("awaited", "submit"): "submitted",
    ("clarification_requested", "submit"): "submitted",
    ("submitted", "replace"): "submitted",
    ("submitted", "start_review"): "under_review",
    ("under_review", "request_clarification"): "clarification_requested",
    ("under_review", "accept"): "complete",
    ("complete", "report_progress"): "complete",
    ("complete", "ask_again"): "awaited",
    ("released", "ask_again"): "awaited",
    ("not_requested", "release"): "released",
    ("awaited", "release"): "released",
    ("clarification_requested", "release"): "released",
}


@pytest.mark.parametrize(("state", "action"), list(product(ResponseState, ResponseAction)))
def test_every_action_on_a_response_is_decided_in_every_state(state: ResponseState, action: ResponseAction) -> None:
    leads_to = RESPONSE_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            RESPONSE.after(state, action)
    else:
        assert RESPONSE.after(state, action) == leads_to


AUTHORITY_RESPONSE_LEADS_TO: dict[tuple[str, str], str] = {
    ("drafting", "submit"): "submitted",
    ("drafting", "discard"): "discarded",
    ("submitted", "supersede"): "superseded",
}


@pytest.mark.parametrize(("state", "action"), list(product(AnswerVersionState, AuthorityResponseAction)))
def test_every_action_on_a_authority_response_is_decided_in_every_state(
    state: AnswerVersionState, action: AuthorityResponseAction
) -> None:
    leads_to = AUTHORITY_RESPONSE_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            AUTHORITY_RESPONSE.after(state, action)
    else:
        assert AUTHORITY_RESPONSE.after(state, action) == leads_to


@pytest.mark.parametrize(
    ("role", "drafts", "submits"),
    [
        ("authority_official", True, False),
        ("authority_focal_point", True, False),
        ("authority_validator", True, True),
        ("authority_contact", True, True),
        ("staff", False, False),
        ("expert", False, False),
        ("partner_system", False, False),
    ],
)
def test_drafting_and_submitting_are_two_roles(role: str, drafts: bool, submits: bool) -> None:
    assert rules.may_draft([role]) is drafts
    assert rules.may_submit([role]) is submits


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (ResponseState.AWAITED, ResponseAction.SUBMIT),
        (ResponseState.CLARIFICATION_REQUESTED, ResponseAction.SUBMIT),
        (ResponseState.SUBMITTED, ResponseAction.REPLACE),
        (ResponseState.COMPLETE, ResponseAction.REPORT_PROGRESS),
    ],
)
def test_a_new_version_goes_with_an_act_of_the_response(state: ResponseState, act: ResponseAction) -> None:
    assert rules.can_draft(state)
    assert rules.act_of_new_version(state) is act
    assert RESPONSE.after(state, act)


@pytest.mark.parametrize("state", [ResponseState.NOT_REQUESTED, ResponseState.UNDER_REVIEW, ResponseState.RELEASED])
def test_no_version_is_begun_while_nothing_is_asked_or_the_npm_reads(state: ResponseState) -> None:
    assert not rules.can_draft(state)
    with pytest.raises(IllegalTransition, match=f"while {state.value}"):
        rules.act_of_new_version(state)


@pytest.mark.requirement("R-R14")
def test_a_rejection_is_a_complete_answer() -> None:
    answer = Answer(position=ResponsePosition.REJECTED, obstacles=[Obstacle.LAW])

    assert rules.missing_for_completion(answer, [AskedPart.OBSTACLES]) == ()


@pytest.mark.requirement("R-R17")
def test_an_answer_lacks_its_position_and_what_was_asked() -> None:
    missing = rules.missing_for_completion(Answer(position=None, needs=" "), list(AskedPart))

    assert missing == ("position", "measures", "planned_date", "obstacles", "needs")


def test_what_was_not_asked_is_not_missing() -> None:
    whole = Answer(
        position=ResponsePosition.ACCEPTED, measure_count=1, planned_date=DUE, obstacles=[Obstacle.LAW], needs="staff"
    )

    assert rules.missing_for_completion(Answer(position=ResponsePosition.ACCEPTED)) == ()
    assert rules.missing_for_completion(whole, list(AskedPart)) == ()


@pytest.mark.parametrize(
    ("answer", "is_bare"),
    [
        (Answer(position=ResponsePosition.REJECTED), True),
        (Answer(position=ResponsePosition.REJECTED, reasons=" "), True),
        (Answer(position=ResponsePosition.REJECTED, reasons="contrary to the budget act"), False),
        (Answer(position=ResponsePosition.REJECTED, obstacles=[Obstacle.DISAGREEMENT]), False),
        (Answer(position=ResponsePosition.UNDER_CONSIDERATION), False),
    ],
)
def test_a_bare_rejection_is_noticed(answer: Answer, is_bare: bool) -> None:
    assert rules.is_rejection_without_reasons(answer) is is_bare


@pytest.mark.parametrize("state", ResponseState)
def test_only_an_answer_that_is_owed_can_be_overdue(state: ResponseState) -> None:
    owed = state in (ResponseState.AWAITED, ResponseState.CLARIFICATION_REQUESTED)

    assert rules.is_overdue(state, DUE, None, DUE + timedelta(days=1)) is owed


@pytest.mark.parametrize(("days", "is_over"), [(-1, False), (0, False), (1, True)])
def test_due_is_to_the_end_of_the_day(days: int, is_over: bool) -> None:
    assert rules.is_overdue(ResponseState.AWAITED, DUE, None, DUE + timedelta(days=days)) is is_over


def test_nothing_is_overdue_once_answered_or_without_a_date() -> None:
    later = DUE + timedelta(days=9)

    assert not rules.is_overdue(ResponseState.AWAITED, DUE, DUE + timedelta(days=3), later)
    assert not rules.is_overdue(ResponseState.AWAITED, None, None, later)


@pytest.mark.parametrize(("days", "is_soon"), [(-8, False), (-7, True), (0, True), (1, False)])
def test_a_due_date_comes_near_from_the_reminder_on(days: int, is_soon: bool) -> None:
    today, reminder_on = DUE + timedelta(days=days), DUE - timedelta(days=7)

    assert rules.is_due_soon(ResponseState.AWAITED, DUE, reminder_on, today) is is_soon
    assert not rules.is_due_soon(ResponseState.SUBMITTED, DUE, reminder_on, today)


def test_an_answer_on_the_day_is_not_late() -> None:
    assert not rules.was_late(DUE, DUE)
    assert rules.was_late(DUE + timedelta(days=1), DUE)


def test_being_late_changes_no_state() -> None:
    assert all("overdue" not in action.value for action in ResponseAction)

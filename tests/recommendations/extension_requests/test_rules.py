"""Authorities may ask for more time; the NPM decides."""

from datetime import date, timedelta
from itertools import product

import pytest

from services.recommendations.extension_requests import rules
from services.recommendations.extension_requests.rules import (
    EXTENSION_REQUEST,
    ExtensionRequestAction,
    ExtensionRequestState,
)
from shared.workflow import AUTHORITY, IllegalTransition

DUE = date(2026, 4, 14)
TODAY = date(2026, 4, 10)
LATER = date(2026, 5, 4)

EXTENSION_REQUEST_LEADS_TO: dict[tuple[str, str], str] = {
    ("asked", "grant"): "granted",
    ("asked", "refuse"): "refused",
    ("asked", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize(("state", "action"), list(product(ExtensionRequestState, ExtensionRequestAction)))
def test_every_action_on_a_extension_request_is_decided_in_every_state(
    state: ExtensionRequestState, action: ExtensionRequestAction
) -> None:
    leads_to = EXTENSION_REQUEST_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            EXTENSION_REQUEST.after(state, action)
    else:
        assert EXTENSION_REQUEST.after(state, action) == leads_to


@pytest.mark.requirement("R-R21")
@pytest.mark.parametrize("role", sorted(AUTHORITY))
def test_no_authority_grants_its_own_request(role: str) -> None:
    allowed = EXTENSION_REQUEST.allowed(ExtensionRequestState.ASKED, [role])

    assert ExtensionRequestAction.GRANT not in allowed
    assert ExtensionRequestAction.REFUSE not in allowed


@pytest.mark.parametrize("state", ["awaited", "clarification_requested"])
def test_more_time_can_be_asked_for_while_an_answer_is_owed(state: str) -> None:
    assert (
        rules.hindrances_to_asking(response_state=state, asked_until=LATER, due_on=DUE, today=TODAY, is_one_open=False)
        == ()
    )


@pytest.mark.parametrize("state", ["not_requested", "submitted", "under_review", "complete", "released"])
def test_no_more_time_is_asked_for_when_nothing_is_owed(state: str) -> None:
    hindrances = rules.hindrances_to_asking(
        response_state=state, asked_until=LATER, due_on=DUE, today=TODAY, is_one_open=False
    )

    assert hindrances == (f"response is {state}",)


def test_every_hindrance_is_named() -> None:
    hindrances = rules.hindrances_to_asking(
        response_state="awaited", asked_until=TODAY, due_on=DUE, today=TODAY, is_one_open=True
    )

    assert hindrances == (
        "2026-04-10 is not after today",
        "2026-04-10 is not after the due date 2026-04-14",
        "another request is open",
    )


def test_the_date_asked_for_is_after_the_due_date_and_after_today() -> None:
    overdue = rules.hindrances_to_asking(
        response_state="awaited",
        asked_until=DUE + timedelta(days=1),
        due_on=DUE,
        today=DUE + timedelta(days=1),
        is_one_open=False,
    )

    assert overdue == ("2026-04-15 is not after today",)


def test_a_grant_needs_a_later_date_and_a_reason() -> None:
    assert rules.hindrances_to_granting(granted_until=LATER, due_on=DUE, reason="ministry reorganised") == ()
    assert rules.hindrances_to_granting(granted_until=DUE, due_on=DUE, reason=" ") == (
        "2026-04-14 is not after the due date 2026-04-14",
        "no reason",
    )


@pytest.mark.requirement("R-R21")
@pytest.mark.parametrize("state", ExtensionRequestState)
def test_a_due_date_changes_only_by_a_grant(state: ExtensionRequestState) -> None:
    holds = rules.due_after_decision(state, due_on=DUE, granted_until=LATER)

    assert holds == (LATER if state is ExtensionRequestState.GRANTED else DUE)


def test_a_grant_without_a_date_moves_nothing() -> None:
    assert rules.due_after_decision(ExtensionRequestState.GRANTED, due_on=DUE, granted_until=None) == DUE

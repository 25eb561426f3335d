"""Who may learn who somebody is, and when nobody may any more."""

from datetime import date, timedelta
from itertools import product
from uuid import UUID

import pytest

from services.complaints.persons import rules
from services.complaints.persons.rules import (
    PERSON_RECORD,
    HoldReason,
    PersonRecordAction,
    PersonRecordState,
    RevealRefusal,
)
from shared.workflow import IllegalTransition

UNTIL = date(2027, 3, 3)
PROPOSER = UUID(int=1)
OTHER = UUID(int=2)

PERSON_RECORD_LEADS_TO: dict[tuple[str, str], str] = {
    ("held", "merge"): "merged",
    ("merged", "separate"): "held",
    ("held", "propose_erasure"): "erasure_proposed",
    ("erasure_proposed", "keep"): "held",
    ("erasure_proposed", "confirm_erasure"): "erased",
    ("merged", "confirm_erasure"): "erased",
}


@pytest.mark.parametrize(("state", "action"), list(product(PersonRecordState, PersonRecordAction)))
def test_every_action_on_a_person_record_is_decided_in_every_state(
    state: PersonRecordState, action: PersonRecordAction
) -> None:
    leads_to = PERSON_RECORD_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            PERSON_RECORD.after(state, action)
    else:
        assert PERSON_RECORD.after(state, action) == leads_to


def refusal(
    *roles: str,
    assigned: bool = False,
    recused: bool = False,
    stepped_up: bool = True,
    purpose: str | None = "handling",
    reveals: int = 0,
) -> RevealRefusal | None:
    """Ask for a reveal that is in order but for what the test changes."""
    return rules.refusal_to_reveal(
        roles=roles,
        is_assigned=assigned,
        is_recused=recused,
        is_stepped_up=stepped_up,
        purpose=purpose,
        reveals_in_last_hour=reveals,
    )


@pytest.mark.requirement("R-C57")
@pytest.mark.parametrize(
    ("role", "assigned", "may"),
    [
        ("complaints_officer", True, True),
        ("complaints_officer", False, False),
        ("vault_keeper", False, True),
        ("head", False, True),
        ("member", True, False),
        ("staff", True, False),
        ("secondee", True, False),
        ("data_protection_officer", True, False),
        ("sysadmin", True, False),
        ("expert", True, False),
        ("authority_validator", True, False),
        ("partner_system", True, False),
    ],
)
def test_the_assigned_officer_the_vault_keeper_and_the_head_may_reveal(role: str, assigned: bool, may: bool) -> None:
    assert refusal(role, assigned=assigned) is (None if may else RevealRefusal.NOT_ENTITLED)


@pytest.mark.parametrize("role", ["complaints_officer", "vault_keeper", "head"])
def test_nobody_reveals_without_step_up_and_purpose(role: str) -> None:
    assert refusal(role, assigned=True, stepped_up=False) is RevealRefusal.STEP_UP_MISSING
    assert refusal(role, assigned=True, purpose=None) is RevealRefusal.PURPOSE_MISSING
    assert refusal(role, assigned=True, purpose="  ") is RevealRefusal.PURPOSE_MISSING


@pytest.mark.parametrize("role", ["complaints_officer", "vault_keeper", "head"])
def test_the_recused_see_nothing_whatever_their_role(role: str) -> None:
    assert refusal(role, assigned=True, recused=True) is RevealRefusal.NOT_ENTITLED


@pytest.mark.parametrize(("reveals", "is_refused"), [(0, False), (9, False), (10, True), (11, True)])
def test_ten_reveals_an_hour_are_enough(reveals: int, is_refused: bool) -> None:
    assert (refusal("head", reveals=reveals) is RevealRefusal.TOO_MANY) is is_refused


def test_who_is_not_entitled_learns_of_nothing_else() -> None:
    nothing_right = refusal("staff", stepped_up=False, purpose=None, reveals=99)

    assert nothing_right is RevealRefusal.NOT_ENTITLED


@pytest.mark.parametrize(
    ("closed_on", "until"),
    [
        (date(2026, 3, 3), date(2027, 3, 3)),
        (date(2026, 12, 31), date(2027, 12, 31)),
        (date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_an_identity_is_kept_twelve_months_after_closure(closed_on: date, until: date) -> None:
    assert rules.retention_until(closed_on) == until


def test_retention_can_be_set() -> None:
    assert rules.retention_until(date(2026, 8, 31), months=6) == date(2027, 2, 28)
    assert rules.retention_until(date(2026, 8, 31), months=4) == date(2026, 12, 31)


@pytest.mark.parametrize(("days", "is_due"), [(0, False), (1, True)])
def test_erasure_is_due_when_retention_is_over(days: int, is_due: bool) -> None:
    today = UNTIL + timedelta(days=days)

    assert rules.is_erasure_due(PersonRecordState.HELD, retention_until=UNTIL, holds=[], today=today) is is_due
    assert not rules.is_erasure_due(PersonRecordState.MERGED, retention_until=UNTIL, holds=[], today=today)
    assert not rules.is_erasure_due(PersonRecordState.HELD, retention_until=None, holds=[], today=today)


@pytest.mark.parametrize("reason", HoldReason)
def test_anything_open_keeps_an_identity(reason: HoldReason) -> None:
    later = UNTIL + timedelta(days=400)

    assert not rules.is_erasure_due(PersonRecordState.HELD, retention_until=UNTIL, holds=[reason], today=later)
    assert rules.hindrances_to_erasure(is_retention_over=True, person_asked=True, holds=[reason]) == (
        reason.label.lower(),
    )


def test_the_person_may_ask_before_retention_is_over() -> None:
    assert rules.hindrances_to_erasure(is_retention_over=False, person_asked=True, holds=[]) == ()
    assert rules.hindrances_to_erasure(is_retention_over=False, person_asked=False, holds=[]) == (
        "retention is not over",
    )


def test_nobody_erases_alone() -> None:
    assert rules.may_confirm_erasure(OTHER, proposer=PROPOSER, hindrances=())
    assert not rules.may_confirm_erasure(PROPOSER, proposer=PROPOSER, hindrances=())
    assert not rules.may_confirm_erasure(OTHER, proposer=PROPOSER, hindrances=["legal hold"])

"""A consent covers what it names, while it lasts, and nothing else."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.consents import rules
from services.complaints.consents.rules import (
    CONSENT,
    ConsentAction,
    ConsentPurpose,
    ConsentState,
    ContentLevel,
    Terms,
    WithdrawalEffect,
)
from shared.workflow import IllegalTransition

GIVEN_ON = date(2026, 3, 3)
EXPIRES_ON = date(2026, 9, 3)
TERMS = Terms(
    state=ConsentState.GIVEN,
    purposes=[ConsentPurpose.REFER],
    recipients=["ombudsman"],
    content_level=ContentLevel.PRELIMINARY_FINDINGS,
    given_on=GIVEN_ON,
    expires_on=EXPIRES_ON,
)

CONSENT_LEADS_TO: dict[tuple[str, str], str] = {
    ("asked", "give"): "given",
    ("asked", "refuse"): "refused",
    ("asked", "mark_not_obtainable"): "not_obtainable",
    ("refused", "ask_again"): "asked",
    ("not_obtainable", "ask_again"): "asked",
    ("given", "withdraw"): "withdrawn",
    ("given", "supersede"): "superseded",
}


@pytest.mark.parametrize(("state", "action"), list(product(ConsentState, ConsentAction)))
def test_every_action_on_a_consent_is_decided_in_every_state(state: ConsentState, action: ConsentAction) -> None:
    leads_to = CONSENT_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            CONSENT.after(state, action)
    else:
        assert CONSENT.after(state, action) == leads_to


def refers(
    terms: Terms, *, on: date = GIVEN_ON, level: ContentLevel | None = ContentLevel.PRELIMINARY_FINDINGS
) -> bool:
    """Ask whether a referral to the ombudsman is covered."""
    return rules.covers(terms, ConsentPurpose.REFER, recipient="ombudsman", content_level=level, on=on)


@pytest.mark.parametrize("purpose", ConsentPurpose)
def test_a_consent_covers_its_purposes_only(purpose: ConsentPurpose) -> None:
    covered = rules.covers(
        TERMS, purpose, recipient="ombudsman", content_level=ContentLevel.PRELIMINARY_FINDINGS, on=GIVEN_ON
    )

    assert covered is (purpose is ConsentPurpose.REFER)


@pytest.mark.requirement("R-C42")
def test_a_consent_covers_its_recipients_only() -> None:
    assert refers(TERMS)
    assert not rules.covers(
        TERMS, ConsentPurpose.REFER, recipient="prosecutor", content_level=TERMS.content_level, on=GIVEN_ON
    )


@pytest.mark.parametrize(
    ("agreed", "asked", "is_covered"),
    [
        (ContentLevel.PRELIMINARY_FINDINGS, ContentLevel.PRELIMINARY_FINDINGS, True),
        (ContentLevel.PRELIMINARY_FINDINGS, ContentLevel.FINDINGS_AND_EVIDENCE, False),
        (ContentLevel.FINDINGS_AND_EVIDENCE, ContentLevel.PRELIMINARY_FINDINGS, True),
        (ContentLevel.FINDINGS_AND_EVIDENCE, ContentLevel.FINDINGS_AND_EVIDENCE, True),
        (None, ContentLevel.PRELIMINARY_FINDINGS, False),
        (None, None, True),
        (ContentLevel.PRELIMINARY_FINDINGS, None, True),
    ],
)
def test_no_more_content_than_agreed(agreed: ContentLevel | None, asked: ContentLevel | None, is_covered: bool) -> None:
    assert refers(replace(TERMS, content_level=agreed), level=asked) is is_covered


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (GIVEN_ON - timedelta(days=1), False),
        (GIVEN_ON, True),
        (EXPIRES_ON, True),
        (EXPIRES_ON + timedelta(days=1), False),
    ],
)
def test_a_consent_holds_from_its_first_to_its_last_day(on: date, holds: bool) -> None:
    assert refers(TERMS, on=on) is holds


@pytest.mark.requirement("R-C25")
@pytest.mark.parametrize("state", sorted(set(ConsentState) - {ConsentState.GIVEN}))
def test_only_a_given_consent_covers_anything(state: ConsentState) -> None:
    assert not refers(replace(TERMS, state=state))


def test_a_withdrawal_ends_it_whatever_the_state_says() -> None:
    assert not refers(replace(TERMS, withdrawn_on=GIVEN_ON))


def test_a_consent_without_an_end_goes_on() -> None:
    open_ended = replace(TERMS, expires_on=None)

    assert refers(open_ended, on=date(2040, 1, 1))
    assert not rules.has_expired(open_ended, date(2040, 1, 1))


def test_a_consent_expires_the_day_after_its_last() -> None:
    assert not rules.has_expired(TERMS, EXPIRES_ON)
    assert rules.has_expired(TERMS, EXPIRES_ON + timedelta(days=1))
    assert not rules.has_expired(replace(TERMS, state=ConsentState.WITHDRAWN), EXPIRES_ON + timedelta(days=1))


@given(
    purposes=st.sets(st.sampled_from(list(ConsentPurpose))),
    recipients=st.sets(st.sampled_from(["npm", "ombudsman", "prosecutor"])),
    purpose=st.sampled_from(list(ConsentPurpose)),
    recipient=st.sampled_from(["npm", "ombudsman", "prosecutor"]),
)
def test_nothing_is_covered_that_was_not_named(
    purposes: set[ConsentPurpose], recipients: set[str], purpose: ConsentPurpose, recipient: str
) -> None:
    terms = replace(TERMS, purposes=purposes, recipients=recipients)

    covered = rules.covers(terms, purpose, recipient=recipient, content_level=None, on=GIVEN_ON)

    assert covered is (purpose in purposes and recipient in recipients)


@pytest.mark.parametrize("untold", ["use", "risks", "withdrawal"])
def test_a_person_is_told_before_agreeing(untold: str) -> None:
    told = {"use", "risks", "withdrawal"} - {untold}

    missing = rules.missing_for_giving(purposes=["refer"], recipients=["ombudsman"], informed_points=told)

    assert missing == (f"informed of {untold}",)


def test_a_consent_to_nothing_or_nobody_is_none() -> None:
    told = ["use", "risks", "withdrawal"]

    assert rules.missing_for_giving(purposes=[], recipients=[], informed_points=told) == ("purposes", "recipients")


@pytest.mark.requirement("R-C25")
def test_a_withdrawal_cancels_what_is_not_done_and_flags_what_is() -> None:
    assert rules.effect_of_withdrawal(is_done=False) is WithdrawalEffect.CANCELLED
    assert rules.effect_of_withdrawal(is_done=True) is WithdrawalEffect.FLAGGED

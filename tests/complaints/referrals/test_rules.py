"""Two persons send a package out; a draw that anybody can check tests who received it (F8)."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.referrals import rules
from services.complaints.referrals.rules import (
    REFERRAL,
    Package,
    ReferralAction,
    ReferralResult,
    ReferralState,
    SentReferral,
)
from shared.workflow import IllegalTransition

AS_OF = date(2026, 10, 1)
SENT = AS_OF - timedelta(days=90)
PROPOSER = UUID(int=1)
CHECKER = UUID(int=2)
PACKAGE = Package(
    proposer=PROPOSER, is_destination_independent=True, has_covering_consent=True, has_risk_assessment=True
)

REFERRAL_LEADS_TO: dict[tuple[str, str], str] = {
    ("proposed", "check"): "checked",
    ("proposed", "return"): "returned",
    ("returned", "revise"): "proposed",
    ("checked", "send"): "sent",
    ("sent", "acknowledge"): "acknowledged",
    ("sent", "decline"): "declined",
    ("acknowledged", "decline"): "declined",
    ("sent", "conclude"): "concluded",
    ("acknowledged", "conclude"): "concluded",
    ("sent", "close"): "closed",
    ("acknowledged", "close"): "closed",
    ("declined", "close"): "closed",
    ("concluded", "close"): "closed",
    ("sent", "record_test"): "sent",
    ("acknowledged", "record_test"): "acknowledged",
    ("declined", "record_test"): "declined",
    ("concluded", "record_test"): "concluded",
    ("proposed", "withdraw"): "withdrawn",
    ("returned", "withdraw"): "withdrawn",
    ("checked", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize(("state", "action"), list(product(ReferralState, ReferralAction)))
def test_every_action_on_a_referral_is_decided_in_every_state(state: ReferralState, action: ReferralAction) -> None:
    leads_to = REFERRAL_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            REFERRAL.after(state, action)
    else:
        assert REFERRAL.after(state, action) == leads_to


def sent(*numbers: int, critical: tuple[int, ...] = ()) -> list[SentReferral]:
    """Make the referrals `ref-01` and so on."""
    return [SentReferral(id=f"ref-{n:02}", sent_on=SENT, is_critical=n in critical) for n in numbers]


def test_a_whole_package_may_go() -> None:
    assert rules.missing_for_check(PACKAGE, checker=CHECKER) == ()


@pytest.mark.requirement("R-C42")
def test_a_package_needs_consent_a_disclosure_or_an_anonymised_form() -> None:
    bare = replace(PACKAGE, has_covering_consent=False)

    assert rules.missing_for_check(bare, checker=CHECKER) == ("consent, approved disclosure or anonymised form",)
    assert rules.missing_for_check(replace(bare, has_approved_disclosure=True), checker=CHECKER) == ()
    assert rules.missing_for_check(replace(bare, is_anonymised=True), checker=CHECKER) == ()


@pytest.mark.requirement("R-C43")
def test_a_destination_that_requires_an_mou_gets_nothing_without_one() -> None:
    required = replace(PACKAGE, is_mou_required=True)

    assert rules.missing_for_check(required, checker=CHECKER) == ("MoU in force",)
    assert rules.missing_for_check(replace(required, is_mou_in_force=True), checker=CHECKER) == ()


@pytest.mark.requirement("R-C39")
def test_a_dependent_destination_needs_a_reason() -> None:
    dependent = replace(PACKAGE, is_destination_independent=False, reason_for_dependent_destination=" ")

    assert rules.missing_for_check(dependent, checker=CHECKER) == ("independent destination or reason",)
    explained = replace(dependent, reason_for_dependent_destination="the only hospital")
    assert rules.missing_for_check(explained, checker=CHECKER) == ()


@pytest.mark.requirement("R-C41")
def test_attachments_go_only_with_findings_and_evidence() -> None:
    attached = replace(PACKAGE, attachment_count=1)

    assert rules.missing_for_check(attached, checker=CHECKER)
    assert rules.missing_for_check(replace(attached, content_level="findings_and_evidence"), checker=CHECKER) == ()


def test_nobody_checks_an_own_proposal() -> None:
    assert rules.missing_for_check(PACKAGE, checker=PROPOSER) == ("another person than the proposer",)


@pytest.mark.requirement("R-C22")
def test_no_package_goes_without_weighing_the_risk() -> None:
    assert rules.missing_for_check(replace(PACKAGE, has_risk_assessment=False), checker=CHECKER) == ("risk assessment",)


@pytest.mark.parametrize("state", ReferralState)
def test_silence_counts_while_an_answer_is_awaited(state: ReferralState) -> None:
    waiting = state in (ReferralState.SENT, ReferralState.ACKNOWLEDGED)

    assert rules.is_without_answer(state, SENT, SENT + timedelta(days=61)) is waiting
    assert not rules.is_without_answer(state, SENT, SENT + timedelta(days=60))


@pytest.mark.parametrize(
    ("result", "over", "sampled", "settled", "missing"),
    [
        (ReferralResult.ANSWERED, False, False, False, ()),
        (ReferralResult.DECLINED, False, False, False, ()),
        (ReferralResult.NO_ANSWER, True, False, False, ()),
        (ReferralResult.NO_ANSWER, False, False, False, ("end of the no-answer period",)),
        (ReferralResult.ANSWERED, False, True, False, ("test recorded or skipped with reason",)),
        (ReferralResult.ANSWERED, False, True, True, ()),
    ],
)
def test_a_referral_is_closed_with_a_result(
    *, result: ReferralResult, over: bool, sampled: bool, settled: bool, missing: tuple[str, ...]
) -> None:
    closing = rules.missing_for_closing(
        result=result, is_no_answer_period_over=over, is_sampled=sampled, is_test_settled=settled
    )

    assert closing == missing


@pytest.mark.parametrize(("days", "is_of_age"), [(59, False), (60, True), (180, True), (181, False)])
def test_a_sampled_referral_is_60_to_180_days_old(days: int, is_of_age: bool) -> None:
    assert rules.is_of_sample_age(AS_OF - timedelta(days=days), AS_OF) is is_of_age


def test_risk_and_an_earlier_sample_keep_out() -> None:
    plain, risky, again, young = sent(1, 2, 3, 4)
    risky, again = replace(risky, would_contact_raise_risk=True), replace(again, was_sampled=True)
    young = replace(young, sent_on=AS_OF)

    assert rules.eligible([plain, risky, again, young], as_of=AS_OF) == (plain,)
    assert rules.skipped_for_risk([plain, risky, again, young], as_of=AS_OF) == (risky,)


def test_the_draw_is_a_hash_that_anybody_can_check() -> None:
    assert rules.draw_key("2026-Q3", "ref-01").startswith("4fcceaa9")


@pytest.mark.requirement("R-C45")
@pytest.mark.parametrize(
    ("numbers", "critical", "drawn"),
    [
        (range(1, 24), (5, 17), "05 17 20 16 23"),
        (range(1, 5), (), "01"),
        (range(1, 24), tuple(range(1, 13)), "10 05 01 02 11 09 06 12 07 08"),
        ((), (), ""),
    ],
)
def test_the_draws_of_the_formula_page(numbers: range, critical: tuple[int, ...], drawn: str) -> None:
    sample = rules.sample(sent(*numbers, critical=critical), seed="2026-Q3")

    assert sample == tuple(f"ref-{number}" for number in drawn.split())


@given(numbers=st.sets(st.integers(min_value=1, max_value=300), max_size=200), seed=st.text(max_size=9))
def test_a_draw_is_small_and_the_same_again_in_any_order(numbers: set[int], seed: str) -> None:
    referrals = sent(*numbers)

    drawn = rules.sample(referrals, seed=seed)

    assert drawn == rules.sample(reversed(referrals), seed=seed)
    assert len(drawn) == min(10, len(numbers), max(1, -(-len(numbers) // 10)))


def test_a_rating_is_shown_from_three_tests_on() -> None:
    assert rules.destination_rating([4, 2]) is None
    assert rules.destination_rating([4, 2, 3]) == 3

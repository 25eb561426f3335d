"""What a partner may send, change and see."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from uuid import UUID

import pytest

from services.complaints.complaint_referrals import rules
from services.complaints.complaint_referrals.rules import (
    COMPLAINT_REFERRAL,
    ComplaintReferralAction,
    ComplaintReferralState,
    ConsentReport,
    Inconsistency,
    Matching,
    PartnerStatus,
    ReportedConsent,
)
from shared.workflow import IllegalTransition

GIVEN_ON = date(2026, 3, 3)
PLACE = UUID(int=1)
GIVEN = ReportedConsent(state=ConsentReport.GIVEN, purposes=["handle"], recipients=["npm"], given_on=GIVEN_ON)

COMPLAINT_REFERRAL_LEADS_TO: dict[tuple[str, str], str] = {
    ("received", "hold"): "needs_mapping",
    ("needs_mapping", "map"): "received",
    ("received", "request_clarification"): "clarification_requested",
    ("needs_mapping", "request_clarification"): "clarification_requested",
    ("clarification_requested", "clarify"): "received",
    ("received", "accept"): "accepted",
    ("received", "amend"): "received",
    ("needs_mapping", "amend"): "needs_mapping",
    ("accepted", "report_progress"): "accepted",
    ("accepted", "conclude"): "concluded",
    ("concluded", "reopen"): "accepted",
    ("received", "decline"): "declined",
    ("needs_mapping", "decline"): "declined",
    ("clarification_requested", "decline"): "declined",
    ("received", "withdraw"): "withdrawn",
    ("needs_mapping", "withdraw"): "withdrawn",
    ("clarification_requested", "withdraw"): "withdrawn",
    ("accepted", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize(("state", "action"), list(product(ComplaintReferralState, ComplaintReferralAction)))
def test_every_action_on_a_complaint_referral_is_decided_in_every_state(
    state: ComplaintReferralState, action: ComplaintReferralAction
) -> None:
    leads_to = COMPLAINT_REFERRAL_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            COMPLAINT_REFERRAL.after(state, action)
    else:
        assert COMPLAINT_REFERRAL.after(state, action) == leads_to


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (ComplaintReferralState.RECEIVED, PartnerStatus.RECEIVED),
        (ComplaintReferralState.NEEDS_MAPPING, PartnerStatus.RECEIVED),
        (ComplaintReferralState.CLARIFICATION_REQUESTED, PartnerStatus.CLARIFICATION_REQUESTED),
        (ComplaintReferralState.ACCEPTED, PartnerStatus.ACCEPTED),
        (ComplaintReferralState.CONCLUDED, PartnerStatus.CONCLUDED),
        (ComplaintReferralState.DECLINED, PartnerStatus.DECLINED),
        (ComplaintReferralState.WITHDRAWN, PartnerStatus.WITHDRAWN),
    ],
)
def test_a_partner_sees_a_status_and_nothing_behind_it(state: ComplaintReferralState, status: PartnerStatus) -> None:
    assert rules.partner_status(state) is status


def test_a_partner_is_told_what_is_queued() -> None:
    assert rules.matching(is_resolved=True) is Matching.RESOLVED
    assert rules.matching(is_resolved=False) is Matching.QUEUED


def test_a_consent_that_names_the_npm_comes_with_a_person() -> None:
    assert rules.consent_inconsistencies(GIVEN, person_count=1) == ()


@pytest.mark.requirement("R-C24")
@pytest.mark.parametrize("state", sorted(set(ConsentReport) - {ConsentReport.GIVEN}))
def test_no_person_is_taken_without_consent(state: ConsentReport) -> None:
    found = rules.consent_inconsistencies(ReportedConsent(state=state), person_count=1, is_first=False)

    assert found == (Inconsistency("persons", "no person without consent"),)


@pytest.mark.parametrize("state", [ConsentReport.REFUSED, ConsentReport.NOT_OBTAINABLE, ConsentReport.NOT_ASKED])
def test_a_referral_without_persons_needs_no_consent(state: ConsentReport) -> None:
    assert rules.consent_inconsistencies(ReportedConsent(state=state), person_count=0) == ()


@pytest.mark.parametrize(
    ("consent", "persons", "field", "why"),
    [
        (GIVEN, 0, "persons", "consent without a person"),
        (replace(GIVEN, recipients=["prosecutor"]), 1, "consent.recipients", "the NPM is not named"),
        (replace(GIVEN, purposes=[]), 1, "consent.purposes", "no purpose is named"),
        (replace(GIVEN, given_on=None), 1, "consent.given_on", "missing"),
        (replace(GIVEN, expires_on=GIVEN_ON - timedelta(days=1)), 1, "consent.expires_on", "before given_on"),
    ],
)
def test_a_consent_that_does_not_fit_is_refused(consent: ReportedConsent, persons: int, field: str, why: str) -> None:
    assert rules.consent_inconsistencies(consent, person_count=persons) == (Inconsistency(field, why),)


def test_a_consent_may_end_on_the_day_it_was_given() -> None:
    assert rules.consent_inconsistencies(replace(GIVEN, expires_on=GIVEN_ON), person_count=1) == ()


def test_a_withdrawal_comes_only_later() -> None:
    withdrawn = ReportedConsent(state=ConsentReport.WITHDRAWN)

    assert rules.consent_inconsistencies(withdrawn, person_count=0, is_first=False) == ()
    assert rules.consent_inconsistencies(withdrawn, person_count=0) == (
        Inconsistency("consent.state", "a withdrawal comes later"),
    )


@pytest.mark.parametrize(
    ("place_id", "code", "name", "region", "is_once"),
    [
        (PLACE, None, None, None, True),
        (None, "NRP-02", None, None, True),
        (None, None, "North Remand Prison", "North", True),
        (None, None, None, None, False),
        (PLACE, "NRP-02", None, None, False),
        (PLACE, None, "North Remand Prison", "North", False),
        (None, None, "North Remand Prison", None, False),
        (None, "NRP-02", None, "North", False),
    ],
)
def test_a_place_is_named_in_exactly_one_way(
    place_id: UUID | None, code: str | None, name: str | None, region: str | None, is_once: bool
) -> None:
    assert rules.is_place_named_once(place_id=place_id, code=code, name=name, region=region) is is_once


@pytest.mark.parametrize(("place", "themes"), [(True, False), (False, True), (False, False)])
def test_what_is_not_resolved_is_held_and_never_guessed(place: bool, themes: bool) -> None:
    held = rules.first_action(is_place_resolved=place, are_themes_resolved=themes)

    assert held is ComplaintReferralAction.HOLD
    assert rules.first_action(is_place_resolved=True, are_themes_resolved=True) is ComplaintReferralAction.ACCEPT


@pytest.mark.parametrize("state", [ComplaintReferralState.RECEIVED, ComplaintReferralState.NEEDS_MAPPING])
def test_anything_may_change_before_acceptance(state: ComplaintReferralState) -> None:
    assert rules.act_of_change(state, ["narrative", "place"]) is ComplaintReferralAction.AMEND


@pytest.mark.parametrize(
    ("changed", "withdrawn"), [(["other_body"], False), (["consent"], True), (["other_body", "consent"], True)]
)
def test_after_acceptance_progress_and_a_withdrawal_may_come(changed: list[str], withdrawn: bool) -> None:
    act = rules.act_of_change(ComplaintReferralState.ACCEPTED, changed, is_consent_withdrawn=withdrawn)

    assert act is ComplaintReferralAction.REPORT_PROGRESS


@pytest.mark.parametrize("changed", [["narrative"], ["consent"], ["other_body", "place"]])
def test_after_acceptance_nothing_else_changes(changed: list[str]) -> None:
    with pytest.raises(IllegalTransition, match="cannot change"):
        rules.act_of_change(ComplaintReferralState.ACCEPTED, changed)


@pytest.mark.parametrize(
    "state",
    [
        ComplaintReferralState.CLARIFICATION_REQUESTED,
        ComplaintReferralState.CONCLUDED,
        ComplaintReferralState.DECLINED,
        ComplaintReferralState.WITHDRAWN,
    ],
)
def test_nothing_changes_in_any_other_state(state: ComplaintReferralState) -> None:
    with pytest.raises(IllegalTransition):
        rules.act_of_change(state, ["other_body"])


def test_acceptance_names_what_is_open() -> None:
    missing = rules.missing_for_acceptance(
        is_place_or_authority_resolved=False, are_themes_resolved=False, is_consent_consistent=False
    )

    assert missing == ("place or authority", "themes", "consistent consent")

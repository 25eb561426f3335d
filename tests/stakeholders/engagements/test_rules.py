"""The words and states of an engagement."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from services.stakeholders.engagements.rules import (
    ENGAGEMENT,
    Commitment,
    EngagementAction,
    EngagementChannel,
    EngagementFormat,
    EngagementGap,
    EngagementOutcomeKind,
    EngagementPurpose,
    EngagementStatus,
    EngagementTiming,
    closing_gaps,
    follow_up_gaps,
    is_direct,
    is_overdue,
    is_record_owed,
    preparation_gaps,
    recording_gaps,
    sharing_gaps,
)
from shared.workflow import Vocabulary
from tests.architecture import declared

DUE = date(2026, 6, 1)
LATE = date(2026, 6, 2)
PROMISED = Commitment(due_on=DUE)
KEPT = replace(PROMISED, kept_on=DUE)
BROKEN = replace(PROMISED, broken_on=LATE)
CARRIED_ON = replace(PROMISED, is_carried_on=True)


@pytest.mark.parametrize(("status", "action"), list(product(EngagementStatus, EngagementAction)))
def test_every_act_leads_where_the_declared_machine_says(status: EngagementStatus, action: EngagementAction) -> None:
    assert declared.reached(ENGAGEMENT, status, action) == declared.target("engagement", status, action)


@pytest.mark.requirement("R-S10")
def test_an_informal_contact_is_logged_in_one_step() -> None:
    assert ENGAGEMENT.create[EngagementAction.LOG].to is EngagementStatus.RECORDED


@pytest.mark.parametrize(
    ("vocabulary", "codes"),
    [
        pytest.param(
            EngagementFormat,
            "bilateral inter_institutional_roundtable annual_review draft_discussion closing_talk tripartite_with_spt "
            "training public_hearing informal_contact session_meeting regional_workshop other",
            marks=pytest.mark.requirement("R-S11", "R-S57"),
        ),
        pytest.param(
            EngagementChannel,
            "in_person online phone messaging email letter",
            marks=pytest.mark.requirement("R-S12"),
        ),
        pytest.param(
            EngagementTiming,
            "before_visits during_visit after_visit beyond_visits",
            marks=pytest.mark.requirement("R-S14"),
        ),
        pytest.param(
            EngagementPurpose,
            "mandate_introduction access_obstacle visit_opening visit_closing draft_discussion "
            "recommendation_follow_up challenges_and_solutions thematic law_and_policy npm_budget advice_request "
            "coordination spt_advice technical_assistance other",
            marks=pytest.mark.requirement("R-S15", "R-S22", "R-S58"),
        ),
        pytest.param(
            EngagementOutcomeKind,
            "agreement challenge commitment disagreement good_practice solution",
            marks=pytest.mark.requirement("R-S16"),
        ),
    ],
)
def test_the_words_are_those_of_the_field(vocabulary: type[Vocabulary], codes: str) -> None:
    assert [each.value for each in vocabulary] == codes.split()


@pytest.mark.requirement("R-S13")
@pytest.mark.parametrize("channel", EngagementChannel)
def test_correspondence_is_not_direct(channel: EngagementChannel) -> None:
    assert is_direct(channel) == (channel not in (EngagementChannel.EMAIL, EngagementChannel.LETTER))


def test_a_meeting_is_prepared_with_aims_and_recorded_with_a_summary() -> None:
    assert (preparation_gaps("ask for access"), recording_gaps("agreed")) == ((), ())
    assert preparation_gaps(" ") == (EngagementGap.AIMS,)
    assert recording_gaps("") == (EngagementGap.SUMMARY,)


@pytest.mark.requirement("R-S17")
def test_what_was_told_in_confidence_stays() -> None:
    assert sharing_gaps(holds_what_was_told_in_confidence=True) == (EngagementGap.TOLD_IN_CONFIDENCE,)
    assert sharing_gaps(holds_what_was_told_in_confidence=False) == ()


@pytest.mark.parametrize(
    ("commitment", "is_checked"),
    [(PROMISED, False), (KEPT, True), (BROKEN, True), (CARRIED_ON, True), (Commitment(), True)],
)
def test_every_dated_commitment_is_checked(commitment: Commitment, is_checked: bool) -> None:
    assert (follow_up_gaps([KEPT, commitment]) == ()) == is_checked


@pytest.mark.parametrize("commitment", [PROMISED, CARRIED_ON, Commitment()])
def test_a_record_with_an_open_commitment_is_not_closed_straight(commitment: Commitment) -> None:
    assert closing_gaps(EngagementStatus.RECORDED, [commitment]) == (EngagementGap.COMMITMENT_OPEN,)
    assert closing_gaps(EngagementStatus.FOLLOWED_UP, [commitment]) == ()
    assert closing_gaps(EngagementStatus.RECORDED, [KEPT, BROKEN]) == ()


@pytest.mark.parametrize(
    ("commitment", "today", "overdue"),
    [(PROMISED, DUE, False), (PROMISED, LATE, True), (KEPT, LATE, False), (Commitment(), LATE, False)],
)
def test_a_promise_is_overdue_after_its_day(commitment: Commitment, today: date, overdue: bool) -> None:
    assert is_overdue(commitment, today) == overdue


@pytest.mark.parametrize("status", EngagementStatus)
def test_a_record_is_owed_after_a_meeting(status: EngagementStatus) -> None:
    assert is_record_owed(status, DUE, LATE) == (status is EngagementStatus.HELD)
    assert not is_record_owed(status, DUE, DUE)

"""What has to be there before each act on a report, and what outsiders may do with its draft."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.visits.reports.rules.guards import (
    CorrectionRefusal,
    CorrectionTarget,
    Invitation,
    ReportGap,
    Transmission,
    approval_gaps,
    clearance_gaps,
    closing_unanswered_gaps,
    collection_gaps,
    correction_refusals,
    expert_gaps,
    extension_gaps,
    is_comment_settled,
    is_embargoed,
    is_withholding_review_due,
    is_within_months,
    may_comment,
    publication_gaps,
    sending_gaps,
    sharing_gaps,
    submission_gaps,
    transmission_gaps,
    withholding_gaps,
)
from services.visits.reports.rules.status import CommentStatus, CorrectionStatus, ReportStatus, TransmissionStatus

DUE = date(2026, 6, 1)
LATE = date(2026, 6, 2)
INVITED = Invitation(expert_id="expert", status=CommentStatus.INVITED, due_on=DUE)
EXPERTS = frozenset({"expert"})
SENT = Transmission(
    authority_id="prisons", status=TransmissionStatus.SENT, due_on=DUE, fact_item_ids=frozenset({"held", "staff"})
)


def test_a_draft_is_submitted_with_sections_sourced_findings_and_facts() -> None:
    assert submission_gaps(sections=1, sources_of_findings=[2, 1], fact_items=1) == ()
    assert submission_gaps(sections=0, sources_of_findings=[], fact_items=0) == (
        ReportGap.SECTIONS,
        ReportGap.FINDINGS,
        ReportGap.FACT_ITEMS,
    )
    assert submission_gaps(sections=1, sources_of_findings=[2, 0], fact_items=1) == (ReportGap.FINDING_SOURCES,)


@pytest.mark.requirement("R-V91")
@pytest.mark.parametrize("status", CommentStatus)
@pytest.mark.parametrize("today", [DUE, LATE])
def test_an_expert_has_the_chance_to_comment_until_the_period_is_over(status: CommentStatus, today: date) -> None:
    invitation = replace(INVITED, status=status)
    is_settled = status is not CommentStatus.INVITED or today is LATE

    assert is_comment_settled(invitation, today) == is_settled
    assert expert_gaps(EXPERTS, [invitation], today) == (() if is_settled else (ReportGap.EXPERT_COMMENT,))


@pytest.mark.requirement("R-V91")
def test_every_expert_of_the_visit_is_invited_before_clearing_and_approving() -> None:
    cleared = clearance_gaps(expert_ids=EXPERTS, invitations=[], today=LATE, holds_restricted_content=False)

    assert cleared == (ReportGap.EXPERT_NOT_INVITED,)
    assert approval_gaps(expert_ids=EXPERTS, invitations=[], today=LATE) == (ReportGap.EXPERT_NOT_INVITED,)


@pytest.mark.parametrize("status", CommentStatus)
def test_an_expert_writes_while_invited_or_heard(status: CommentStatus) -> None:
    is_open = status in (CommentStatus.INVITED, CommentStatus.GIVEN)

    assert may_comment(replace(INVITED, status=status), expert_id="expert", today=DUE) == is_open


def test_an_expert_writes_on_the_own_invitation_and_in_time() -> None:
    assert not may_comment(INVITED, expert_id="another", today=DUE)
    assert not may_comment(INVITED, expert_id="expert", today=LATE)


def test_a_draft_that_identifies_somebody_does_not_leave() -> None:
    found = clearance_gaps(expert_ids=frozenset(), invitations=[], today=DUE, holds_restricted_content=True)

    assert found == (ReportGap.RESTRICTED_CONTENT,)


@pytest.mark.requirement("R-V93")
def test_a_draft_is_shared_confidentially_with_somebody_by_a_date() -> None:
    vague = replace(SENT, authority_id="", due_on=None)

    assert sharing_gaps([SENT], is_marked_confidential=True) == ()
    assert sharing_gaps([], is_marked_confidential=False) == (ReportGap.TRANSMISSION, ReportGap.NOT_CONFIDENTIAL)
    assert sharing_gaps([SENT, vague], is_marked_confidential=True) == (ReportGap.RECIPIENT, ReportGap.DUE_DATE)


@pytest.mark.parametrize("status", TransmissionStatus)
@pytest.mark.parametrize("today", [DUE, LATE])
def test_corrections_are_collected_when_no_authority_may_answer_any_more(
    status: TransmissionStatus, today: date
) -> None:
    is_awaited = status is TransmissionStatus.SENT and today is DUE

    assert collection_gaps([replace(SENT, status=status)], today) == ((ReportGap.ANSWERS,) if is_awaited else ())


@pytest.mark.requirement("R-V95")
@pytest.mark.parametrize("status", CorrectionStatus)
def test_every_correction_is_decided_before_approval(status: CorrectionStatus) -> None:
    found = approval_gaps(expert_ids=frozenset(), invitations=[], today=DUE, corrections=[status])

    assert found == ((ReportGap.CORRECTIONS,) if status is CorrectionStatus.PROPOSED else ())


@pytest.mark.requirement("R-V106")
def test_a_joint_report_is_approved_by_every_institution() -> None:
    both = frozenset({"a", "b"})

    found = approval_gaps(
        expert_ids=frozenset(),
        invitations=[],
        today=DUE,
        institution_ids=both,
        approved_by_institutions=frozenset({"a"}),
    )

    assert found == (ReportGap.INSTITUTION,)


def test_a_report_waits_for_its_recommendations() -> None:
    found = approval_gaps(expert_ids=frozenset(), invitations=[], today=DUE, are_recommendations_approved=False)

    assert found == (ReportGap.RECOMMENDATIONS,)


def test_a_final_report_goes_to_somebody() -> None:
    assert transmission_gaps(addressees=0) == (ReportGap.ADDRESSEES,)
    assert transmission_gaps(addressees=1) == ()


@pytest.mark.requirement("R-V100")
@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"is_redaction_checked": False}, ReportGap.REDACTION),
        ({"named_without_consent": 1}, ReportGap.CONSENT),
        ({"are_translations_ready_or_waived": False}, ReportGap.TRANSLATIONS),
        ({"is_harm_checked": False}, ReportGap.HARM_CHECK),
    ],
)
def test_nothing_that_harms_a_person_is_published(change: dict[str, Any], gap: ReportGap) -> None:
    ready: dict[str, Any] = {
        "is_redaction_checked": True,
        "named_without_consent": 0,
        "are_translations_ready_or_waived": True,
        "is_harm_checked": True,
    }

    assert publication_gaps(**ready) == ()
    assert publication_gaps(**ready | change) == (gap,)


@pytest.mark.requirement("R-V99")
@pytest.mark.parametrize(
    ("review_on", "fits"),
    [
        (None, False),
        (DUE, False),
        (LATE, True),
        (date(2027, 6, 1), True),
        (date(2027, 6, 2), False),
    ],
)
def test_a_report_is_withheld_for_a_reason_and_twelve_months_at_most(review_on: date | None, fits: bool) -> None:
    found = withholding_gaps(reason="harm to witnesses", review_on=review_on, today=DUE)

    assert found == (() if fits else (ReportGap.REVIEW_DATE,))


@pytest.mark.requirement("R-V99")
def test_a_report_is_not_withheld_without_a_reason() -> None:
    assert withholding_gaps(reason=" ", review_on=LATE, today=DUE) == (ReportGap.REASON,)


@pytest.mark.parametrize(
    ("end", "within"),
    [(date(2025, 2, 28), True), (date(2025, 3, 1), False), (date(2024, 12, 31), True)],
)
def test_a_year_from_a_leap_day_ends_in_february(end: date, within: bool) -> None:
    assert is_within_months(date(2024, 2, 29), end, 12) == within


@pytest.mark.parametrize("status", ReportStatus)
def test_a_withheld_report_is_looked_at_again_on_its_day(status: ReportStatus) -> None:
    assert is_withholding_review_due(status, DUE, DUE) == (status is ReportStatus.WITHHELD)
    assert not is_withholding_review_due(status, LATE, DUE)


@pytest.mark.parametrize("status", ReportStatus)
def test_a_transmitted_report_with_a_later_order_is_embargoed(status: ReportStatus) -> None:
    assert is_embargoed(status, LATE, DUE) == (status is ReportStatus.TRANSMITTED)
    assert not is_embargoed(status, DUE, DUE)
    assert not is_embargoed(status, None, DUE)


@pytest.mark.parametrize(
    ("member", "channel", "safe"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_a_draft_goes_only_where_it_is_received_safely(member: bool, channel: bool, safe: bool) -> None:
    found = sending_gaps(has_active_membership=member, has_safe_channel=channel, due_on=DUE)

    assert found == (() if safe else (ReportGap.NO_SAFE_CHANNEL,))
    assert ReportGap.DUE_DATE in sending_gaps(has_active_membership=True, has_safe_channel=True, due_on=None)


def test_an_extension_gives_time() -> None:
    assert extension_gaps(due_on=DUE, later_on=LATE) == ()
    assert extension_gaps(due_on=DUE, later_on=DUE) == (ReportGap.NOT_LATER,)


def test_a_draft_is_closed_unanswered_after_its_due_day() -> None:
    assert closing_unanswered_gaps(due_on=DUE, today=DUE) == (ReportGap.NOT_PAST_DUE,)
    assert closing_unanswered_gaps(due_on=DUE, today=LATE) == ()


@pytest.mark.requirement("R-V94")
@pytest.mark.parametrize("target", CorrectionTarget)
def test_authorities_correct_facts_and_nothing_else(target: CorrectionTarget) -> None:
    found = correction_refusals(target, "held", SENT, authority_id="prisons", today=DUE)

    assert found == (() if target is CorrectionTarget.FACT_ITEM else (CorrectionRefusal.NOT_A_FACT,))


@pytest.mark.requirement("R-V94")
@pytest.mark.parametrize(
    ("fact", "authority", "transmission", "today", "refusal"),
    [
        ("another", "prisons", SENT, DUE, CorrectionRefusal.NOT_IN_SNAPSHOT),
        ("held", "police", SENT, DUE, CorrectionRefusal.NOT_ADDRESSED),
        ("held", "prisons", replace(SENT, status=TransmissionStatus.ANSWERED), DUE, CorrectionRefusal.CLOSED),
        ("held", "prisons", SENT, LATE, CorrectionRefusal.PAST_DUE),
    ],
)
def test_authorities_correct_in_time_what_was_sent_to_them(
    fact: str, authority: str, transmission: Transmission, today: date, refusal: CorrectionRefusal
) -> None:
    found = correction_refusals(CorrectionTarget.FACT_ITEM, fact, transmission, authority_id=authority, today=today)

    assert found == (refusal,)

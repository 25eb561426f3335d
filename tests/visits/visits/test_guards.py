"""What has to be there before each act on a visit."""

from dataclasses import replace
from datetime import date

import pytest

from services.visits.visits.rules.guards import (
    NAMED_ROLES,
    InterviewOpening,
    JointAgreement,
    PlaceConduct,
    SessionPresence,
    VisitGap,
    agreement_gaps,
    closing_gaps,
    confirmation_gaps,
    debriefing_gaps,
    early_end_gaps,
    finish_gaps,
    is_cover_thin,
    is_expert_alone,
    may_raise_on_site,
    planning_gaps,
    preparation_gaps,
    reason_gaps,
    start_gaps,
)
from services.visits.visits.rules.status import MeetingKind, VisitRole, VisitType

DAY = date(2026, 5, 4)
AGREEMENT = JointAgreement(
    is_signed=True, urgent_action_protocol="call the head", information_use_terms="none", are_partners_assured=True
)
TALKS = PlaceConduct(meetings=frozenset({MeetingKind.OPENING, MeetingKind.CLOSING}))
ACCOMPANIED = SessionPresence(experts=1, members_or_staff=1)
EXPLAINED = InterviewOpening(expectations_explained=True)


@pytest.mark.parametrize("visit_type", sorted(set(VisitType) - {VisitType.REACTIVE}))
def test_a_visit_is_planned_with_days_and_a_ground(visit_type: VisitType) -> None:
    assert planning_gaps(days=[DAY], visit_type=visit_type, has_ground=True) == ()
    assert planning_gaps(days=[], visit_type=visit_type, has_ground=False) == (VisitGap.DAYS, VisitGap.GROUND)


@pytest.mark.requirement("R-V50")
def test_a_reactive_visit_is_an_exception_of_the_head() -> None:
    found = planning_gaps(days=[DAY], visit_type=VisitType.REACTIVE, has_ground=True)
    planned = planning_gaps(
        days=[DAY], visit_type=VisitType.REACTIVE, has_ground=True, justification="grave", is_planned_by_head=True
    )

    assert found == (VisitGap.JUSTIFICATION, VisitGap.HEAD)
    assert planned == ()


@pytest.mark.requirement("R-V48")
@pytest.mark.parametrize("role", NAMED_ROLES)
def test_every_role_is_named_before_preparation(role: VisitRole) -> None:
    assert preparation_gaps(set(VisitRole) - {role}) == (NAMED_ROLES[role],)
    assert preparation_gaps(set(VisitRole)) == ()


def test_a_visit_is_ready_when_nothing_stands_against_it() -> None:
    ready = confirmation_gaps(has_team_problems=False, is_expertise_checked=True, has_interview_plan=True)
    unready = confirmation_gaps(has_team_problems=True, is_expertise_checked=False, has_interview_plan=False)

    assert ready == ()
    assert unready == (VisitGap.TEAM, VisitGap.EXPERTISE, VisitGap.INTERVIEW_PLAN)


@pytest.mark.requirement("R-V69")
def test_a_joint_visit_needs_an_agreement() -> None:
    found = confirmation_gaps(
        has_team_problems=False, is_expertise_checked=True, has_interview_plan=True, is_joint=True, agreement=None
    )

    assert found == (VisitGap.AGREEMENT,)


@pytest.mark.parametrize(
    ("agreement", "gap"),
    [
        pytest.param(replace(AGREEMENT, is_signed=False), VisitGap.AGREEMENT, marks=pytest.mark.requirement("R-V69")),
        pytest.param(
            replace(AGREEMENT, urgent_action_protocol=""),
            VisitGap.URGENT_ACTION,
            marks=pytest.mark.requirement("R-V70"),
        ),
        pytest.param(
            replace(AGREEMENT, information_use_terms=""),
            VisitGap.INFORMATION_USE,
            marks=pytest.mark.requirement("R-V71"),
        ),
        pytest.param(
            replace(AGREEMENT, are_partners_assured=False),
            VisitGap.PARTNER_ASSURANCE,
            marks=pytest.mark.requirement("R-V72"),
        ),
    ],
)
def test_an_agreement_settles_what_could_go_wrong(agreement: JointAgreement, gap: VisitGap) -> None:
    assert agreement_gaps(agreement) == (gap,)
    assert agreement_gaps(AGREEMENT) == ()


def test_a_visit_starts_on_one_of_its_days_and_only_if_it_is_still_ready() -> None:
    assert start_gaps(today=DAY, days=[DAY], still_missing=()) == ()
    assert start_gaps(today=date(2026, 5, 5), days=[DAY], still_missing=()) == (VisitGap.NOT_A_VISIT_DAY,)
    assert start_gaps(today=DAY, days=[DAY], still_missing=(VisitGap.TEAM,)) == (VisitGap.TEAM,)


@pytest.mark.requirement("R-V74")
@pytest.mark.parametrize("left_out", [MeetingKind.OPENING, MeetingKind.CLOSING])
def test_every_place_has_an_opening_and_a_closing_talk_or_a_reason(left_out: MeetingKind) -> None:
    short = PlaceConduct(meetings=TALKS.meetings - {left_out})
    excused = replace(short, reason="the director was away")

    assert finish_gaps(places=[TALKS, short], sessions=[], interviews=[]) == (VisitGap.MEETINGS,)
    assert finish_gaps(places=[TALKS, excused], sessions=[], interviews=[]) == ()


@pytest.mark.requirement("R-V67")
@pytest.mark.parametrize(
    ("experts", "others", "alone"), [(0, 0, False), (0, 1, False), (1, 0, True), (3, 0, True), (2, 1, False)]
)
def test_no_expert_works_alone_in_a_session(experts: int, others: int, alone: bool) -> None:
    session = SessionPresence(experts=experts, members_or_staff=others)

    assert is_expert_alone(session) == alone
    assert finish_gaps(places=[], sessions=[ACCOMPANIED, session], interviews=[]) == (
        (VisitGap.EXPERT_ALONE,) if alone else ()
    )


@pytest.mark.requirement("R-V76")
def test_every_interview_explains_the_mandate_or_says_why_not() -> None:
    unexplained = InterviewOpening(expectations_explained=False)
    excused = replace(unexplained, reason="the person broke off")

    assert finish_gaps(places=[], sessions=[], interviews=[EXPLAINED, unexplained]) == (VisitGap.EXPECTATIONS,)
    assert finish_gaps(places=[], sessions=[], interviews=[EXPLAINED, excused]) == ()


def test_a_visit_that_ends_early_thinks_of_those_who_spoke() -> None:
    assert early_end_gaps(reason="refused", is_reprisal_watch_considered=True) == ()
    assert early_end_gaps(reason="", is_reprisal_watch_considered=False) == (VisitGap.REASON, VisitGap.REPRISAL_WATCH)


@pytest.mark.requirement("R-V89")
def test_a_debriefing_hears_every_expert() -> None:
    experts = frozenset({"one", "two"})

    assert debriefing_gaps(is_recorded=True, expert_ids=experts, heard_ids=experts | {"lead"}) == ()
    assert debriefing_gaps(is_recorded=True, expert_ids=experts, heard_ids=frozenset({"one"})) == (
        VisitGap.EXPERT_INPUT,
    )
    assert debriefing_gaps(is_recorded=False, expert_ids=frozenset(), heard_ids=frozenset()) == (VisitGap.DEBRIEFING,)


@pytest.mark.parametrize("visit_type", VisitType)
def test_a_visit_closes_with_a_report_or_where_allowed_a_note(visit_type: VisitType) -> None:
    may_be_noted = visit_type in (VisitType.FOLLOW_UP, VisitType.AD_HOC)

    assert closing_gaps(visit_type, is_report_published=True) == ()
    assert closing_gaps(visit_type, is_report_published=False, withheld_reason="harm") == ()
    assert closing_gaps(visit_type, is_report_published=False) == (VisitGap.REPORT,)
    assert (closing_gaps(visit_type, is_report_published=False, has_note_to_file=True) == ()) == may_be_noted


def test_a_reason_is_more_than_blanks() -> None:
    assert reason_gaps(" ") == (VisitGap.REASON,)
    assert reason_gaps("flood") == ()


@pytest.mark.requirement("R-V78")
@pytest.mark.parametrize(
    ("interviewed", "unit", "thin"), [(4, 20, True), (5, 20, False), (5, 50, False), (5, 51, True), (6, 60, False)]
)
def test_too_few_interviews_let_staff_single_people_out(interviewed: int, unit: int, thin: bool) -> None:
    assert is_cover_thin(interviewed, unit) == thin


@pytest.mark.requirement("R-V81")
def test_with_consent_a_problem_is_raised_at_once() -> None:
    assert may_raise_on_site(has_consent=True, is_anonymised=False, names_person=True, unit_population=2)
    assert not may_raise_on_site(has_consent=False, is_anonymised=False, names_person=False, unit_population=50)


@pytest.mark.requirement("R-V83")
@pytest.mark.parametrize(("names", "unit", "allowed"), [(False, 5, True), (False, 4, False), (True, 50, False)])
def test_without_consent_only_in_terms_that_point_at_nobody(names: bool, unit: int, allowed: bool) -> None:
    found = may_raise_on_site(has_consent=False, is_anonymised=True, names_person=names, unit_population=unit)

    assert found == allowed

"""The types, roles and states of a visit; no database, no HTTP."""

from datetime import date
from itertools import product

import pytest

from services.visits.visits.rules.status import (
    GOING_ROLES,
    VISIT,
    Announcement,
    ManagementResponse,
    MeetingKind,
    PlaceAccess,
    SubjectKind,
    VisitAction,
    VisitPurpose,
    VisitRole,
    VisitStatus,
    VisitType,
    is_overrun,
    is_report_late,
    is_too_reactive,
    reactive_share,
)
from shared.workflow import Vocabulary
from tests.architecture import declared

WORDS: list[tuple[type[Vocabulary], str]] = [
    (
        VisitPurpose,
        "regular_monitoring baseline theme recommendation_check reprisal_check issue_of_concern individual_allegation "
        "joint_with_body mandate_introduction",
    ),
    (Announcement, "unannounced announced period_announced short_notice"),
    (VisitRole, "lead team_member preparation_contributor drafter approver authority_contact interpreter"),
    (PlaceAccess, "full partial refused"),
    (MeetingKind, "opening staff closing"),
    (SubjectKind, "deprived_person staff family other"),
    (ManagementResponse, "educational disciplinary staff_replaced other none"),
]


@pytest.mark.parametrize(("status", "action"), list(product(VisitStatus, VisitAction)))
def test_every_act_leads_where_the_declared_machine_says(status: VisitStatus, action: VisitAction) -> None:
    assert declared.reached(VISIT, status, action) == declared.target("visit", status, action)


@pytest.mark.requirement("R-V49")
def test_the_five_types_of_visit() -> None:
    assert [each.value for each in VisitType] == "in_depth thematic follow_up ad_hoc reactive".split()


@pytest.mark.parametrize(("vocabulary", "codes"), WORDS)
def test_the_words_are_those_of_the_field(vocabulary: type[Vocabulary], codes: str) -> None:
    assert [each.value for each in vocabulary] == codes.split()


def test_those_who_enter_a_place() -> None:
    assert {VisitRole.LEAD, VisitRole.TEAM_MEMBER, VisitRole.INTERPRETER} == GOING_ROLES


@pytest.mark.parametrize("status", VisitStatus)
def test_a_visit_that_is_still_on_after_its_last_day_is_overrun(status: VisitStatus) -> None:
    last_day = date(2026, 5, 4)

    assert not is_overrun(status, last_day, last_day)
    assert is_overrun(status, last_day, date(2026, 5, 5)) == (status is VisitStatus.IN_PROGRESS)


@pytest.mark.parametrize("status", VisitStatus)
def test_a_report_is_late_after_its_due_day(status: VisitStatus) -> None:
    due_on = date(2026, 8, 3)

    assert not is_report_late(status, due_on, due_on)
    assert is_report_late(status, due_on, date(2026, 8, 4)) == (status is VisitStatus.REPORTING)


@pytest.mark.requirement("R-V51")
def test_reactive_and_ad_hoc_days_are_told_as_a_share() -> None:
    days = {VisitType.IN_DEPTH: 7.0, VisitType.REACTIVE: 1.0, VisitType.AD_HOC: 2.0}

    assert reactive_share(days) == 0.3
    assert not is_too_reactive(days)
    assert is_too_reactive(days | {VisitType.REACTIVE: 1.1})
    assert not is_too_reactive({})

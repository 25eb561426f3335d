"""Protection first: in calendar days, by level, and never ended on hope."""

from datetime import date, timedelta
from itertools import product

import pytest

from services.complaints.reprisal_cases import rules
from services.complaints.reprisal_cases.rules import (
    REPRISAL_CASE,
    ProtectiveMeasureKind,
    ReprisalCaseAction,
    ReprisalCaseState,
    ReprisalLevel,
)
from shared.workflow import IllegalTransition

OPENED = date(2026, 5, 1)

REPRISAL_CASE_LEADS_TO: dict[tuple[str, str], str] = {
    ("opened", "assess"): "assessed",
    ("assessed", "start_measures"): "measures_running",
    ("assessed", "monitor"): "monitoring",
    ("measures_running", "monitor"): "monitoring",
    ("monitoring", "record_check"): "monitoring",
    ("opened", "record_allegation"): "alleged",
    ("assessed", "record_allegation"): "alleged",
    ("measures_running", "record_allegation"): "alleged",
    ("monitoring", "record_allegation"): "alleged",
    ("alleged", "respond"): "responding",
    ("responding", "record_allegation"): "alleged",
    ("responding", "resume_monitoring"): "monitoring",
    ("monitoring", "close"): "closed",
    ("responding", "close"): "closed",
    ("closed", "reopen"): "opened",
}


@pytest.mark.parametrize(("state", "action"), list(product(ReprisalCaseState, ReprisalCaseAction)))
def test_every_action_on_a_reprisal_case_is_decided_in_every_state(
    state: ReprisalCaseState, action: ReprisalCaseAction
) -> None:
    leads_to = REPRISAL_CASE_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            REPRISAL_CASE.after(state, action)
    else:
        assert REPRISAL_CASE.after(state, action) == leads_to


@pytest.mark.parametrize("state", sorted(set(ReprisalCaseState) - {ReprisalCaseState.CLOSED}))
def test_an_allegation_can_be_recorded_in_any_open_state(state: ReprisalCaseState) -> None:
    alleged = state is ReprisalCaseState.ALLEGED

    allowed = REPRISAL_CASE.allowed(state, ["head"])

    assert (ReprisalCaseAction.RECORD_ALLEGATION in allowed) is not alleged


@pytest.mark.parametrize(
    ("level", "days"),
    [(ReprisalLevel.HIGH, 2), (ReprisalLevel.MEDIUM, 7), (ReprisalLevel.LOW, 7), (None, 7)],
)
def test_a_case_is_assessed_within_days(level: ReprisalLevel | None, days: int) -> None:
    assert rules.assessment_due_on(OPENED, level) == OPENED + timedelta(days=days)


@pytest.mark.parametrize(
    ("level", "days"), [(ReprisalLevel.HIGH, 7), (ReprisalLevel.MEDIUM, 30), (ReprisalLevel.LOW, 90)]
)
def test_a_case_is_checked_at_the_interval_of_its_level(level: ReprisalLevel, days: int) -> None:
    last = OPENED + timedelta(days=days)

    assert rules.latest_check_on(OPENED, level) == last
    assert rules.missing_for_monitoring(level=level, has_measures=True, next_check_on=last, today=OPENED) == ()
    late = last + timedelta(days=1)
    assert rules.missing_for_monitoring(level=level, has_measures=True, next_check_on=late, today=OPENED)


@pytest.mark.parametrize("next_on", [None, OPENED - timedelta(days=1)])
def test_monitoring_needs_a_date_ahead(next_on: date | None) -> None:
    missing = rules.missing_for_monitoring(
        level=ReprisalLevel.LOW, has_measures=False, next_check_on=next_on, today=OPENED
    )

    assert missing == ("next_check_on within the interval",)


@pytest.mark.requirement("R-C52")
@pytest.mark.parametrize("level", ReprisalLevel)
def test_high_risk_is_not_just_watched(level: ReprisalLevel) -> None:
    missing = rules.missing_for_monitoring(level=level, has_measures=False, next_check_on=OPENED, today=OPENED)

    assert missing == (("at least one measure",) if level is ReprisalLevel.HIGH else ())


@pytest.mark.parametrize("state", ReprisalCaseState)
def test_what_is_owed_is_overdue_the_day_after(state: ReprisalCaseState) -> None:
    tomorrow = OPENED + timedelta(days=1)

    assert rules.is_assessment_overdue(state, OPENED, tomorrow) is (state is ReprisalCaseState.OPENED)
    assert rules.is_check_overdue(state, OPENED, tomorrow) is (state is ReprisalCaseState.MONITORING)
    assert not rules.is_assessment_overdue(state, OPENED, OPENED)
    assert not rules.is_check_overdue(state, OPENED, OPENED)
    assert not rules.is_check_overdue(state, None, tomorrow)


@pytest.mark.parametrize(
    ("clean", "contacted", "visited", "why", "is_fine"),
    [
        (True, True, False, None, True),
        (True, False, True, None, True),
        (True, False, False, "released and gone abroad", True),
        (True, False, False, " ", False),
        (True, False, False, None, False),
        (False, True, True, None, False),
    ],
)
def test_a_case_is_not_closed_on_hope(
    *, clean: bool, contacted: bool, visited: bool, why: str | None, is_fine: bool
) -> None:
    missing = rules.missing_for_closing(
        is_last_check_clean=clean, is_person_contacted=contacted, is_visit_done=visited, why_both_impossible=why
    )

    assert (missing == ()) is is_fine


@pytest.mark.requirement("R-C53")
def test_the_measures_are_those_of_the_field() -> None:
    assert len(ProtectiveMeasureKind) == 9

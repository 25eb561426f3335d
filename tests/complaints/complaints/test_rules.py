"""What a complaint may do in every state, and what each step asks for before it can hurt somebody."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from services.complaints.complaints import rules
from services.complaints.complaints.rules import (
    COMPLAINT,
    ActionKind,
    Closing,
    ComplaintAction,
    ComplaintState,
    PlannedAction,
    Seriousness,
    Urgency,
)
from shared.workflow import AUTHORITY, IllegalTransition

DUE = date(2026, 3, 11)
DONE = Closing(
    state=ComplaintState.OUTCOME_RECORDED,
    action_kinds=[ActionKind.REFER],
    seriousness=Seriousness.HIGH,
    is_person_told_or_unsafe=True,
)
KEPT = Closing(
    state=ComplaintState.ACTION_DECIDED, action_kinds=[ActionKind.PATTERN_ONLY], seriousness=Seriousness.MEDIUM
)

COMPLAINT_LEADS_TO: dict[tuple[str, str], str] = {
    ("received", "record"): "recorded",
    ("recorded", "assess"): "assessed",
    ("assessed", "classify"): "classified",
    ("classified", "reclassify"): "classified",
    ("action_decided", "reclassify"): "action_decided",
    ("in_action", "reclassify"): "in_action",
    ("classified", "decide_action"): "action_decided",
    ("action_decided", "start_action"): "in_action",
    ("in_action", "record_outcome"): "outcome_recorded",
    ("action_decided", "close"): "closed",
    ("in_action", "close"): "closed",
    ("outcome_recorded", "close"): "closed",
    ("recorded", "stop_at_request"): "closed",
    ("assessed", "stop_at_request"): "closed",
    ("classified", "stop_at_request"): "closed",
    ("action_decided", "stop_at_request"): "closed",
    ("in_action", "stop_at_request"): "closed",
    ("closed", "reopen"): "in_action",
    ("closed", "take_up_again"): "recorded",
    ("received", "merge"): "merged",
    ("recorded", "merge"): "merged",
    ("assessed", "merge"): "merged",
    ("classified", "merge"): "merged",
    ("action_decided", "merge"): "merged",
    ("in_action", "merge"): "merged",
    ("outcome_recorded", "merge"): "merged",
    ("merged", "separate"): "recorded",
}


@pytest.mark.parametrize(("state", "action"), list(product(ComplaintState, ComplaintAction)))
def test_every_action_on_a_complaint_is_decided_in_every_state(state: ComplaintState, action: ComplaintAction) -> None:
    leads_to = COMPLAINT_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            COMPLAINT.after(state, action)
    else:
        assert COMPLAINT.after(state, action) == leads_to


@pytest.mark.parametrize("state", ComplaintState)
def test_outsiders_never_move_a_complaint(state: ComplaintState) -> None:
    outsiders = [*AUTHORITY, "expert", "partner_system", "cso_partner", "nhri_complaints", "sysadmin"]

    assert COMPLAINT.allowed(state, outsiders) == ()


@pytest.mark.requirement("R-C06")
def test_nothing_deletes_a_complaint() -> None:
    assert COMPLAINT.final == frozenset()


@pytest.mark.requirement("R-C07")
@pytest.mark.parametrize(
    ("kind", "theme", "place", "missing"),
    [
        (True, True, True, ()),
        (False, True, True, ("kind",)),
        (True, False, True, ("theme",)),
        (True, True, False, ("place or authority",)),
    ],
)
def test_the_minimum_names_no_person(*, kind: bool, theme: bool, place: bool, missing: tuple[str, ...]) -> None:
    assert rules.missing_for_record(has_kind=kind, has_theme=theme, has_place_or_authority=place) == missing


@pytest.mark.requirement("R-C09")
@pytest.mark.parametrize("state", ComplaintState)
def test_an_acknowledgement_is_owed_early_on(state: ComplaintState) -> None:
    owed = state in (ComplaintState.RECEIVED, ComplaintState.RECORDED)
    today = DUE + timedelta(days=1)

    assert rules.is_acknowledgement_overdue(state, due_on=DUE, is_settled=False, today=today) is owed
    assert not rules.is_acknowledgement_overdue(state, due_on=DUE, is_settled=True, today=today)
    assert not rules.is_acknowledgement_overdue(state, due_on=DUE, is_settled=False, today=DUE)


def test_receipt_is_dealt_with_when_sent_unsafe_or_impossible() -> None:
    assert rules.is_acknowledgement_settled(sent_on=DUE)
    assert rules.is_acknowledgement_settled(sent_on=None, is_unsafe=True)
    assert rules.is_acknowledgement_settled(sent_on=None, is_impossible=True)
    assert not rules.is_acknowledgement_settled(sent_on=None)


@pytest.mark.requirement("R-C18")
def test_a_complaint_is_not_assessed_before_asking_who_is_best_placed() -> None:
    assert rules.missing_for_assessment(is_best_place_judged=False, is_acknowledgement_settled=True) == (
        "position assessment",
    )
    assert rules.missing_for_assessment(is_best_place_judged=True, is_acknowledgement_settled=False) == (
        "acknowledgement",
    )


@pytest.mark.requirement("R-C19")
def test_a_classification_needs_seriousness_urgency_and_risk() -> None:
    missing = rules.missing_for_classification(
        themes=["food_and_water"], seriousness=None, urgency=None, has_risk_assessment=False
    )

    assert missing == ("seriousness", "urgency", "risk assessment")


@pytest.mark.requirement("R-C21")
@pytest.mark.parametrize("seriousness", Seriousness)
def test_an_allegation_of_torture_is_critical(seriousness: Seriousness) -> None:
    missing = rules.missing_for_classification(
        themes=["food_and_water", rules.TORTURE],
        seriousness=seriousness,
        urgency=Urgency.URGENT,
        has_risk_assessment=True,
    )

    assert missing == (() if seriousness is Seriousness.CRITICAL else ("seriousness critical",))


def test_the_themes_set_the_least_seriousness() -> None:
    assert rules.least_seriousness(["food_and_water"]) is Seriousness.LOW
    assert rules.least_seriousness(["food_and_water", rules.TORTURE]) is Seriousness.CRITICAL


@pytest.mark.requirement("R-C24")
@pytest.mark.parametrize("kind", ActionKind)
def test_nothing_outward_begins_bare(kind: ActionKind) -> None:
    outward = kind in (
        ActionKind.RAISE_WITH_MANAGEMENT,
        ActionKind.NOTIFY_AUTHORITY,
        ActionKind.RECOMMEND,
        ActionKind.REFER,
    )

    assert rules.can_go_out(PlannedAction(kind=kind)) is not outward
    assert rules.can_go_out(PlannedAction(kind=kind, has_valid_consent=True))
    assert rules.can_go_out(PlannedAction(kind=kind, has_approved_disclosure=True))


@pytest.mark.requirement("R-C26")
@pytest.mark.parametrize(("population", "can"), [(None, False), (0, False), (4, False), (5, True), (60, True)])
def test_an_anonymised_notice_to_management_needs_a_unit_to_hide_in(population: int | None, can: bool) -> None:
    notice = PlannedAction(kind=ActionKind.RAISE_WITH_MANAGEMENT, is_anonymised=True, unit_population=population)

    assert rules.can_go_out(notice) is can


def test_an_anonymised_referral_may_go() -> None:
    assert rules.can_go_out(PlannedAction(kind=ActionKind.REFER, is_anonymised=True))


@pytest.mark.parametrize("closing", [DONE, KEPT])
def test_what_is_done_can_be_closed(closing: Closing) -> None:
    assert rules.missing_for_closing(closing) == ()


@pytest.mark.requirement("R-C37")
@pytest.mark.parametrize(
    "closing",
    [
        replace(KEPT, seriousness=Seriousness.HIGH),
        replace(KEPT, seriousness=Seriousness.CRITICAL),
        replace(KEPT, is_emblematic=True),
        replace(KEPT, is_sampled_referral=True),
    ],
)
def test_the_most_relevant_ones_need_an_outcome(closing: Closing) -> None:
    assert rules.missing_for_closing(closing) == ("outcome",)


@pytest.mark.parametrize("kind", ActionKind)
def test_a_decided_action_is_carried_out_before_closing(kind: ActionKind) -> None:
    kept_only = kind in (ActionKind.PATTERN_ONLY, ActionKind.INFORMATION_ONLY)
    decided = replace(KEPT, action_kinds=[ActionKind.PATTERN_ONLY, kind])

    assert rules.missing_for_closing(decided) == (() if kept_only else ("begun action",))
    assert rules.missing_for_closing(replace(decided, state=ComplaintState.IN_ACTION)) == ()


def test_closing_leaves_nobody_at_risk_behind() -> None:
    assert rules.missing_for_closing(replace(DONE, is_reprisal_case_settled=False)) == (
        "reprisal case closed or carried on",
    )
    assert rules.missing_for_closing(replace(DONE, is_person_told_or_unsafe=False)) == ("person told where safe",)


def test_a_complaint_is_not_closed_without_any_action() -> None:
    assert rules.missing_for_closing(replace(KEPT, action_kinds=[])) == ("action",)


@pytest.mark.parametrize(
    ("asked", "ruled_out", "case", "missing"),
    [
        (True, True, False, ()),
        (True, False, True, ()),
        (True, False, False, ("pressure ruled out or a reprisal case",)),
        (False, True, True, ("the person's request",)),
    ],
)
def test_stopping_is_the_persons_own_wish(
    *, asked: bool, ruled_out: bool, case: bool, missing: tuple[str, ...]
) -> None:
    stopping = rules.missing_for_stopping(person_asked=asked, is_pressure_ruled_out=ruled_out, has_reprisal_case=case)

    assert stopping == missing


def test_the_way_back_depends_on_how_far_it_came() -> None:
    assert rules.way_back(was_classified=True) is ComplaintAction.REOPEN
    assert rules.way_back(was_classified=False) is ComplaintAction.TAKE_UP_AGAIN

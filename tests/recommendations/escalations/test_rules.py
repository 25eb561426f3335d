"""The ladder F6, and what stands before each step."""

from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recommendations.escalations import rules
from services.recommendations.escalations.rules import (
    ESCALATION,
    EscalationAction,
    EscalationGround,
    EscalationPath,
    EscalationState,
    EscalationStep,
)
from shared.workflow import IllegalTransition

ORDER = list(EscalationStep)

ESCALATION_LEADS_TO: dict[tuple[str, str], str] = {
    ("suggested", "accept"): "accepted",
    ("suggested", "dismiss"): "dismissed",
    ("accepted", "approve"): "approved",
    ("accepted", "carry_out"): "carried_out",
    ("approved", "carry_out"): "carried_out",
    ("carried_out", "end"): "ended",
    ("accepted", "withdraw"): "withdrawn",
    ("approved", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize(("state", "action"), list(product(EscalationState, EscalationAction)))
def test_every_action_on_a_escalation_is_decided_in_every_state(
    state: EscalationState, action: EscalationAction
) -> None:
    leads_to = ESCALATION_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            ESCALATION.after(state, action)
    else:
        assert ESCALATION.after(state, action) == leads_to


@pytest.mark.requirement("R-R33")
@pytest.mark.parametrize(
    ("days", "step"),
    [
        (1, EscalationStep.REMINDER),
        (14, EscalationStep.REMINDER),
        (15, EscalationStep.TECHNICAL_CONTACT),
        (29, EscalationStep.TECHNICAL_CONTACT),
        (30, EscalationStep.TECHNICAL_MEETING),
        (59, EscalationStep.TECHNICAL_MEETING),
        (60, EscalationStep.HIGH_LEVEL),
        (119, EscalationStep.HIGH_LEVEL),
        (120, EscalationStep.HEAD_REVIEW),
        (500, EscalationStep.HEAD_REVIEW),
    ],
)
def test_the_ladder_climbs_with_the_days(days: int, step: EscalationStep) -> None:
    suggestion = rules.suggest(days)

    assert suggestion is not None
    assert suggestion.step is step
    assert suggestion.reason == f"{days} days without an answer"


@pytest.mark.parametrize("days", [-5, 0])
def test_nothing_is_suggested_before_the_deadline_has_passed(days: int) -> None:
    assert rules.suggest(days) is None


def test_two_missed_deadlines_go_to_the_head() -> None:
    suggestion = rules.suggest(3, deadlines_missed=2)

    assert suggestion is not None
    assert suggestion.step is EscalationStep.HEAD_REVIEW
    assert suggestion.reason == "2 deadlines missed"
    assert suggestion.needs_head


def test_one_missed_deadline_does_not() -> None:
    suggestion = rules.suggest(3, deadlines_missed=1)

    assert suggestion is not None
    assert suggestion.step is EscalationStep.REMINDER
    assert not suggestion.needs_head


def test_a_rejection_without_reasons_goes_to_the_head_though_it_came_in_time() -> None:
    suggestion = rules.suggest(-10, rejected_without_reasons=True)

    assert suggestion is not None
    assert suggestion.step is EscalationStep.HEAD_REVIEW
    assert suggestion.reason == "rejected without reasons"


@pytest.mark.requirement("R-R36")
@pytest.mark.parametrize(
    ("days", "authorities", "is_round_table"), [(60, 2, True), (60, 1, False), (30, 2, False), (120, 3, False)]
)
def test_several_authorities_meet_at_a_round_table(days: int, authorities: int, is_round_table: bool) -> None:
    suggestion = rules.suggest(days, authorities=authorities)

    assert suggestion is not None
    assert suggestion.is_round_table is is_round_table


@given(days=st.integers(min_value=-400, max_value=400))
def test_waiting_longer_never_lowers_the_step(days: int) -> None:
    today, tomorrow = rules.suggest(days), rules.suggest(days + 1)

    assert today is None or (tomorrow is not None and ORDER.index(tomorrow.step) >= ORDER.index(today.step))


@pytest.mark.parametrize("wanted", EscalationStep)
@pytest.mark.parametrize("reached", [None, *EscalationStep])
def test_a_step_is_open_up_to_the_rung_reached(wanted: EscalationStep, reached: EscalationStep | None) -> None:
    is_open = rules.may_take(wanted, reached=reached, ground=EscalationGround.PROLONGED_NON_ENGAGEMENT)

    assert is_open is (reached is not None and ORDER.index(wanted) <= ORDER.index(reached))


@pytest.mark.requirement("R-R34")
@pytest.mark.parametrize("wanted", EscalationStep)
def test_urgent_and_serious_facts_may_start_at_the_last_step(wanted: EscalationStep) -> None:
    assert rules.may_take(wanted, reached=None, ground=EscalationGround.URGENT_SERIOUS)


@pytest.mark.requirement("R-R35")
def test_no_step_is_accepted_without_a_ground_and_an_open_channel() -> None:
    assert rules.missing_for_acceptance(ground=None, retained_channel=None) == ("ground", "retained_channel_id")
    assert rules.missing_for_acceptance(ground=EscalationGround.URGENT_SERIOUS, retained_channel=UUID(int=7)) == ()


@pytest.mark.parametrize(
    ("path", "is_public"),
    [
        (None, False),
        (EscalationPath.PARLIAMENT, True),
        (EscalationPath.JUDICIARY, False),
        (EscalationPath.OTHER_BODIES, False),
        (EscalationPath.CSO_COALITION, True),
        (EscalationPath.MEDIA, True),
        (EscalationPath.SPT_OR_CAT, False),
    ],
)
def test_a_public_step_needs_a_harm_check(path: EscalationPath | None, is_public: bool) -> None:
    assert bool(rules.missing_for_approval(path, is_harm_checked=False)) is is_public
    assert rules.missing_for_approval(path, is_harm_checked=True) == ()


@pytest.mark.requirement("R-R34")
def test_nothing_beyond_high_level_is_carried_out_without_the_head() -> None:
    step = EscalationStep.HEAD_REVIEW

    assert rules.missing_for_carrying_out(EscalationState.ACCEPTED, step, is_channel_open=True) == (
        "approval of the head",
    )
    assert rules.missing_for_carrying_out(EscalationState.APPROVED, step, is_channel_open=True) == ()
    assert rules.missing_for_carrying_out(EscalationState.APPROVED, step, is_channel_open=False) == (
        "open retained channel",
    )


@pytest.mark.parametrize("step", ORDER[:4])
def test_contact_with_the_authority_itself_needs_no_approval(step: EscalationStep) -> None:
    assert rules.missing_for_carrying_out(EscalationState.ACCEPTED, step, is_channel_open=True) == ()


def test_only_the_head_approves() -> None:
    assert ESCALATION.transitions[EscalationState.ACCEPTED, EscalationAction.APPROVE].by == {"head"}

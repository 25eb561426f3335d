"""The states of a relation and its health H, with the vectors of the domain page."""

from dataclasses import replace
from itertools import product

import pytest

from services.stakeholders.dialogue.rules import (
    DIALOGUE_RELATION,
    HealthInputs,
    HealthWarning,
    RelationAction,
    RelationGap,
    RelationStatus,
    account_gaps,
    activation_gaps,
    ending_gaps,
    escalation_gaps,
    health,
    introduction_gaps,
)
from tests.architecture import declared

QUIET = HealthInputs(
    direct_contacts=0,
    contacts=0,
    answered_on_time=0,
    answers_due=0,
    commitments_kept=0,
    commitments=0,
    has_focal_point=True,
)


def counted(direct: int, contacts: int, on_time: int, due: int, kept: int, promised: int, focal: bool) -> HealthInputs:
    return HealthInputs(
        direct_contacts=direct,
        contacts=contacts,
        answered_on_time=on_time,
        answers_due=due,
        commitments_kept=kept,
        commitments=promised,
        has_focal_point=focal,
    )


@pytest.mark.parametrize(("status", "action"), list(product(RelationStatus, RelationAction)))
def test_every_act_leads_where_the_declared_machine_says(status: RelationStatus, action: RelationAction) -> None:
    assert declared.reached(DIALOGUE_RELATION, status, action) == declared.target("dialogue_relation", status, action)


@pytest.mark.parametrize(
    ("inputs", "expected", "strained"),
    [
        (counted(6, 8, 2, 4, 1, 2, True), 65, False),
        (counted(0, 3, 0, 2, 0, 0, False), 10, True),
        (counted(0, 0, 0, 0, 0, 0, True), 55, False),
        (counted(1, 4, 1, 3, 1, 2, False), 30, True),
    ],
)
def test_the_health_of_the_domain_page(inputs: HealthInputs, expected: float, strained: bool) -> None:
    found = health(inputs)

    assert found.score == pytest.approx(expected)
    assert found.suggests_strained == strained


def test_forty_is_not_yet_strained() -> None:
    forty = health(counted(1, 1, 0, 1, 0, 1, False))
    below = health(counted(999, 1000, 0, 1, 0, 1, False))

    assert (forty.score, forty.suggests_strained) == (40, False)
    assert below.suggests_strained


@pytest.mark.requirement("R-S13")
@pytest.mark.parametrize(
    ("direct", "contacts", "warnings"),
    [
        (1, 5, ()),
        (0, 5, (HealthWarning.NO_DIRECT_CONTACT, HealthWarning.WRITTEN_ONLY)),
        (0, 0, (HealthWarning.NO_DIRECT_CONTACT,)),
    ],
)
def test_dialogue_is_not_correspondence_alone(direct: int, contacts: int, warnings: tuple[HealthWarning, ...]) -> None:
    assert health(replace(QUIET, direct_contacts=direct, contacts=contacts)).warnings == warnings


@pytest.mark.requirement("R-S02")
def test_a_relation_begins_with_explaining_the_mandate() -> None:
    assert introduction_gaps(was_mandate_introduced=False) == (RelationGap.INTRODUCTION,)
    assert introduction_gaps(was_mandate_introduced=True) == ()


def test_one_meeting_is_no_dialogue() -> None:
    assert activation_gaps(further_direct_engagements=0) == (RelationGap.FURTHER_ENGAGEMENT,)
    assert activation_gaps(further_direct_engagements=1) == ()


def test_calling_a_relation_strained_says_what_happened() -> None:
    assert account_gaps(" ") == (RelationGap.ACCOUNT,)
    assert account_gaps("two meetings were called off") == ()


@pytest.mark.requirement("R-S20")
def test_a_contact_is_kept_when_other_paths_are_used() -> None:
    assert escalation_gaps(ground="no answer", retained_channel_id="contact") == ()
    assert escalation_gaps(ground="no answer", retained_channel_id=None) == (RelationGap.RETAINED_CHANNEL,)
    assert escalation_gaps(ground="", retained_channel_id="contact") == (RelationGap.GROUND,)


def test_a_relation_ends_with_a_ground_and_a_word_on_the_successor() -> None:
    assert ending_gaps(ground="merged", is_successor_settled=True) == ()
    assert ending_gaps(ground="", is_successor_settled=False) == (RelationGap.GROUND, RelationGap.SUCCESSOR)

"""The rules of a conflict of interest."""

from datetime import date
from itertools import product
from typing import Any

import pytest

from services.stakeholders.conflicts.rules import (
    CONFLICT_DECLARATION,
    OPEN_STATES,
    STANDING_EFFECTS,
    Conflict,
    ConflictAction,
    ConflictEffect,
    ConflictGap,
    ConflictKind,
    ConflictStatus,
    ConflictTargetKind,
    Involvement,
    clearing_gaps,
    decision_gaps,
    effect_now,
    excludes,
    is_expired,
    may_decide,
    takes_access,
    usual_effect,
)
from tests.architecture import declared

BEGIN, DAY, END = date(2026, 1, 1), date(2026, 6, 1), date(2026, 12, 31)
KEPT_FROM = {
    ConflictEffect.NONE: "",
    ConflictEffect.DISCLOSE_ONLY: "",
    ConflictEffect.EXCLUDE_INTERVIEWS: "interview",
    ConflictEffect.PREPARATION_ONLY: "visit interview",
    ConflictEffect.EXCLUDE_VISIT: "preparation visit interview",
    ConflictEffect.EXCLUDE_PLACE: "preparation visit interview",
    ConflictEffect.ENDS_FUNCTION: "preparation visit interview function",
}
DECISION: dict[str, Any] = {
    "decider_id": "head",
    "concerned_id": "expert",
    "effect": ConflictEffect.EXCLUDE_VISIT,
    "has_target": True,
    "from_on": BEGIN,
    "until_on": END,
}


@pytest.mark.parametrize(("status", "action"), list(product(ConflictStatus, ConflictAction)))
def test_every_act_leads_where_the_declared_machine_says(status: ConflictStatus, action: ConflictAction) -> None:
    assert declared.reached(CONFLICT_DECLARATION, status, action) == declared.target(
        "conflict_declaration", status, action
    )


@pytest.mark.requirement("R-S91")
def test_the_kinds_of_conflict() -> None:
    kinds = (
        "former_employment_at_place former_function client_relation personal_or_family_tie former_organisation "
        "dual_function service_provider_in_places peer_reluctance information_use political_tie perceived_bias "
        "incompatible_office"
    )

    assert [kind.value for kind in ConflictKind] == kinds.split()


@pytest.mark.parametrize(("effect", "involvement"), list(product(ConflictEffect, Involvement)))
def test_each_effect_keeps_from_its_part(effect: ConflictEffect, involvement: Involvement) -> None:
    decided = Conflict(status=ConflictStatus.IN_FORCE, effect=effect)

    assert excludes(decided, DAY, involvement) == (involvement.value in KEPT_FROM[effect].split())


@pytest.mark.requirement("R-V59")
@pytest.mark.parametrize("status", ConflictStatus)
def test_an_open_question_excludes_as_a_precaution(status: ConflictStatus) -> None:
    harmless = Conflict(status=status, effect=ConflictEffect.NONE)

    assert excludes(harmless, DAY) == (status in OPEN_STATES)
    assert {each.value for each in OPEN_STATES} == {"declared", "detected", "under_review"}


@pytest.mark.parametrize("status", ConflictStatus)
def test_an_effect_holds_only_while_it_is_in_force(status: ConflictStatus) -> None:
    found = effect_now(Conflict(status=status, effect=ConflictEffect.ENDS_FUNCTION), DAY)

    expected = {ConflictStatus.IN_FORCE: ConflictEffect.ENDS_FUNCTION}
    assert found is expected.get(status, ConflictEffect.EXCLUDE_VISIT if status in OPEN_STATES else ConflictEffect.NONE)


@pytest.mark.parametrize(
    ("day", "holds"), [(date(2025, 12, 31), False), (BEGIN, True), (END, True), (date(2027, 1, 1), False)]
)
def test_an_effect_holds_in_its_dates(day: date, holds: bool) -> None:
    dated = Conflict(status=ConflictStatus.IN_FORCE, effect=ConflictEffect.EXCLUDE_VISIT, from_on=BEGIN, until_on=END)

    assert excludes(dated, day) == holds
    assert is_expired(dated, day) == (day > END)


@pytest.mark.requirement("R-V60", "R-V61", "R-V62")
def test_the_standing_effects_of_the_kinds() -> None:
    assert usual_effect(ConflictKind.CLIENT_RELATION) is ConflictEffect.EXCLUDE_INTERVIEWS
    assert usual_effect(ConflictKind.FORMER_EMPLOYMENT_AT_PLACE) is ConflictEffect.PREPARATION_ONLY
    assert usual_effect(ConflictKind.FORMER_ORGANISATION) is ConflictEffect.PREPARATION_ONLY
    assert STANDING_EFFECTS[ConflictKind.PERSONAL_OR_FAMILY_TIE] == (
        ConflictEffect.EXCLUDE_INTERVIEWS,
        ConflictEffect.EXCLUDE_VISIT,
    )


@pytest.mark.parametrize("kind", [ConflictKind.DUAL_FUNCTION, ConflictKind.SERVICE_PROVIDER_IN_PLACES])
def test_who_serves_in_places_is_kept_from_them_or_discloses(kind: ConflictKind) -> None:
    assert STANDING_EFFECTS[kind] == (ConflictEffect.EXCLUDE_PLACE, ConflictEffect.DISCLOSE_ONLY)


@pytest.mark.requirement("R-S89")
def test_an_incompatible_office_ends_the_function() -> None:
    assert usual_effect(ConflictKind.INCOMPATIBLE_OFFICE) is ConflictEffect.ENDS_FUNCTION


@pytest.mark.parametrize("kind", [ConflictKind.PERCEIVED_BIAS, ConflictKind.POLITICAL_TIE])
def test_other_kinds_are_weighed_one_by_one(kind: ConflictKind) -> None:
    assert usual_effect(kind) is None


@pytest.mark.requirement("R-S92")
@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"decider_id": "expert"}, ConflictGap.OWN_CASE),
        ({"effect": None}, ConflictGap.EFFECT),
        ({"has_target": False}, ConflictGap.TARGET),
        ({"from_on": None}, ConflictGap.FROM_DATE),
        ({"from_on": END, "until_on": BEGIN}, ConflictGap.FROM_DATE),
    ],
)
def test_a_decision_has_effect_target_dates_and_another_person(change: dict[str, Any], gap: ConflictGap) -> None:
    assert decision_gaps(ConflictKind.DUAL_FUNCTION, **DECISION) == ()
    assert decision_gaps(ConflictKind.DUAL_FUNCTION, **DECISION | change) == (gap,)


@pytest.mark.requirement("R-V61")
@pytest.mark.parametrize("kind", ConflictKind)
def test_a_tie_between_people_ends_some_day(kind: ConflictKind) -> None:
    is_tie = kind is ConflictKind.PERSONAL_OR_FAMILY_TIE

    found = decision_gaps(kind, **DECISION | {"until_on": None})

    assert found == ((ConflictGap.END_DATE,) if is_tie else ())


def test_nobody_clears_themselves_nor_without_a_reason() -> None:
    assert clearing_gaps(decider_id="head", concerned_id="expert", reason="weighed") == ()
    assert clearing_gaps(decider_id="head", concerned_id="head", reason="") == (
        ConflictGap.OWN_CASE,
        ConflictGap.REASON,
    )
    assert not may_decide(decider_id="head", concerned_id="head")


#: What leaves nothing of its target to see: a person's whom somebody may not interview, all else where somebody may not
#: even help to prepare.
CLOSED_BY = {
    "place": "exclude_visit exclude_place ends_function",
    "authority": "exclude_visit exclude_place ends_function",
    "matter": "exclude_visit exclude_place ends_function",
    "person": "exclude_interviews preparation_only exclude_visit exclude_place ends_function",
}


@pytest.mark.requirement("R-G08")
@pytest.mark.parametrize(
    ("target", "status", "effect"), list(product(ConflictTargetKind, ConflictStatus, ConflictEffect))
)
def test_what_takes_away_access_to_its_target(
    target: ConflictTargetKind, status: ConflictStatus, effect: ConflictEffect
) -> None:
    is_open = status.value in ("declared", "detected", "under_review")
    decided = status.value == "in_force" and effect.value in CLOSED_BY[target.value].split()

    assert takes_access(Conflict(status=status, effect=effect), target, DAY) == (is_open or decided)


@pytest.mark.parametrize(
    ("day", "holds"), [(date(2025, 12, 31), False), (BEGIN, True), (END, True), (date(2027, 1, 1), False)]
)
def test_access_comes_back_when_the_effect_has_run_out(day: date, holds: bool) -> None:
    dated = Conflict(status=ConflictStatus.IN_FORCE, effect=ConflictEffect.EXCLUDE_PLACE, from_on=BEGIN, until_on=END)

    assert takes_access(dated, ConflictTargetKind.PLACE, day) == holds

"""Who may go on a visit."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from services.stakeholders.conflicts import rules as conflicts
from services.visits.visits.rules.status import GOING_ROLES, VisitRole
from services.visits.visits.rules.team import (
    Accreditation,
    Conflict,
    ConflictEffect,
    PersonKind,
    TeamMember,
    TeamProblem,
    TeamProblemKind,
    VisitedPlace,
    is_recused_from,
    is_shut_out,
    may_hold,
    missing_expertise,
    team_problems,
)

DAYS = (date(2026, 5, 4), date(2026, 5, 5))
BEFORE, AFTER = DAYS[0] - timedelta(days=1), DAYS[-1] + timedelta(days=1)
PRISON = VisitedPlace(place_id="prison", authority_ids=frozenset({"prisons"}))
STATION = VisitedPlace(place_id="station", authority_ids=frozenset({"police"}), days=(DAYS[1],))
OPEN_DOORS = (
    Accreditation(authority_id="prisons", from_on=DAYS[0], to_on=DAYS[-1]),
    Accreditation(authority_id="police", from_on=DAYS[0], to_on=DAYS[-1]),
)
LEAD = TeamMember(person_id="lead", kind=PersonKind.MEMBER, role=VisitRole.LEAD, accreditations=OPEN_DOORS)
EXPERT = TeamMember(
    person_id="expert",
    kind=PersonKind.EXPERT,
    role=VisitRole.TEAM_MEMBER,
    accreditations=OPEN_DOORS,
    standing_from_on=DAYS[0],
    standing_to_on=DAYS[-1],
    prepared_on=date(2026, 4, 20),
)


def found(*members: TeamMember) -> list[TeamProblem]:
    return team_problems(members, [PRISON, STATION], DAYS)


def kinds(*members: TeamMember) -> list[TeamProblemKind]:
    return [problem.kind for problem in found(*members)]


def test_a_team_in_order_may_go() -> None:
    assert found(LEAD, EXPERT) == []


@pytest.mark.requirement("R-V57")
@pytest.mark.parametrize("member", [LEAD, EXPERT], ids=lambda member: member.person_id)
def test_everybody_is_accredited_for_every_place_and_day(member: TeamMember) -> None:
    short = replace(member, accreditations=(replace(OPEN_DOORS[0], to_on=DAYS[0]), OPEN_DOORS[1]))
    team = (short, EXPERT if member is LEAD else LEAD)

    assert found(*team) == [
        TeamProblem(kind=TeamProblemKind.NOT_ACCREDITED, person_id=member.person_id, place_id="prison", days=(DAYS[1],))
    ]


@pytest.mark.requirement("R-V57")
def test_an_accreditation_for_named_places_opens_no_other() -> None:
    named = replace(OPEN_DOORS[0], place_ids=frozenset({"another prison"}))

    assert [(each.place_id, each.days) for each in found(replace(LEAD, accreditations=(named, OPEN_DOORS[1])))] == [
        ("prison", DAYS)
    ]


def test_a_place_is_asked_for_its_own_days_only() -> None:
    later = replace(OPEN_DOORS[1], from_on=DAYS[1])

    assert found(replace(LEAD, accreditations=(OPEN_DOORS[0], later))) == []


@pytest.mark.parametrize("role", sorted(set(VisitRole) - GOING_ROLES))
def test_who_stays_at_home_needs_no_accreditation(role: VisitRole) -> None:
    at_home = TeamMember(person_id="home", kind=PersonKind.STAFF, role=role)

    assert found(LEAD, at_home) == []


@pytest.mark.requirement("R-V59")
@pytest.mark.parametrize(
    ("effect", "role"), list(product(ConflictEffect, [VisitRole.TEAM_MEMBER, VisitRole.PREPARATION_CONTRIBUTOR]))
)
def test_a_conflict_excludes_by_its_effect(effect: ConflictEffect, role: VisitRole) -> None:
    conflict = Conflict(effect=effect, place_ids=frozenset({"prison"}))
    shut_out = {ConflictEffect.EXCLUDE_VISIT, ConflictEffect.EXCLUDE_PLACE, ConflictEffect.ENDS_FUNCTION}
    if role is VisitRole.TEAM_MEMBER:
        shut_out = shut_out | {ConflictEffect.PREPARATION_ONLY}

    problems = found(LEAD, replace(EXPERT, role=role, conflicts=(conflict,)))

    assert [(each.kind, each.place_id) for each in problems] == (
        [(TeamProblemKind.CONFLICT, "prison")] if effect in shut_out else []
    )


@pytest.mark.requirement("R-V60")
def test_who_worked_in_a_place_may_prepare_and_not_go() -> None:
    former = Conflict(effect=ConflictEffect.PREPARATION_ONLY, authority_ids=frozenset({"prisons"}))
    worker = replace(EXPERT, conflicts=(former,))

    assert kinds(LEAD, worker) == [TeamProblemKind.CONFLICT]
    assert kinds(LEAD, replace(worker, role=VisitRole.PREPARATION_CONTRIBUTOR)) == []


@pytest.mark.requirement("R-V59")
def test_an_open_conflict_excludes_as_a_precaution() -> None:
    undecided = Conflict(effect=ConflictEffect.NONE, is_decided=False, authority_ids=frozenset({"police"}))

    assert [(each.kind, each.place_id, each.days) for each in found(LEAD, replace(EXPERT, conflicts=(undecided,)))] == [
        (TeamProblemKind.CONFLICT, "station", (DAYS[1],))
    ]


@pytest.mark.parametrize(
    ("conflict", "days"),
    [
        (Conflict(effect=ConflictEffect.EXCLUDE_VISIT, until_on=BEFORE), ()),
        (Conflict(effect=ConflictEffect.EXCLUDE_VISIT, until_on=DAYS[0]), (DAYS[0],)),
        (Conflict(effect=ConflictEffect.EXCLUDE_VISIT, from_on=DAYS[1]), (DAYS[1],)),
        (Conflict(effect=ConflictEffect.EXCLUDE_VISIT, from_on=AFTER), ()),
        (Conflict(effect=ConflictEffect.EXCLUDE_VISIT), DAYS),
    ],
)
def test_an_effect_holds_in_its_dates(conflict: Conflict, days: tuple[date, ...]) -> None:
    problems = [each for each in found(replace(LEAD, conflicts=(conflict,))) if each.place_id == "prison"]

    assert [each.days for each in problems] == ([days] if days else [])


def test_a_conflict_elsewhere_excludes_nothing() -> None:
    elsewhere = Conflict(effect=ConflictEffect.EXCLUDE_PLACE, place_ids=frozenset({"another prison"}))

    assert found(replace(LEAD, conflicts=(elsewhere,))) == []


@pytest.mark.requirement("R-V62")
def test_a_lawyer_does_not_interview_a_client_but_may_go() -> None:
    client = Conflict(effect=ConflictEffect.EXCLUDE_INTERVIEWS, person_refs=frozenset({"client"}))

    assert is_recused_from("client", [client], DAYS[0])
    assert not is_recused_from("somebody else", [client], DAYS[0])
    assert found(replace(LEAD, conflicts=(client,))) == []


@pytest.mark.requirement("R-V61")
def test_a_tie_recuses_until_it_ends() -> None:
    tie = Conflict(effect=ConflictEffect.EXCLUDE_INTERVIEWS, person_refs=frozenset({"friend"}), until_on=DAYS[0])

    assert is_recused_from("friend", [tie], DAYS[0])
    assert not is_recused_from("friend", [tie], DAYS[1])


@pytest.mark.parametrize("effect", [ConflictEffect.NONE, ConflictEffect.DISCLOSE_ONLY])
def test_a_disclosed_relation_recuses_from_nothing_but_an_open_one_does(effect: ConflictEffect) -> None:
    disclosed = Conflict(effect=effect, person_refs=frozenset({"person"}))

    assert not is_recused_from("person", [disclosed], DAYS[0])
    assert is_recused_from("person", [replace(disclosed, is_decided=False)], DAYS[0])


@pytest.mark.requirement("R-V58")
def test_every_expert_took_part_in_the_preparation() -> None:
    assert kinds(LEAD, replace(EXPERT, prepared_on=None)) == [TeamProblemKind.NOT_PREPARED]


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [(None, None, DAYS), (DAYS[0], DAYS[0], (DAYS[1],)), (DAYS[1], DAYS[1], (DAYS[0],)), (BEFORE, AFTER, ())],
)
def test_an_expert_is_in_standing_on_every_day(begin: date | None, end: date | None, days: tuple[date, ...]) -> None:
    problems = found(LEAD, replace(EXPERT, standing_from_on=begin, standing_to_on=end))

    assert [(each.kind, each.days) for each in problems] == ([(TeamProblemKind.NOT_IN_STANDING, days)] if days else [])


@pytest.mark.requirement("R-V67")
@pytest.mark.parametrize("kind", PersonKind)
def test_an_expert_goes_only_with_a_member_or_staff(kind: PersonKind) -> None:
    companion = replace(EXPERT, person_id="companion", kind=kind)

    alone = TeamProblemKind.EXPERT_ALONE in kinds(EXPERT, companion)

    assert alone == (kind in (PersonKind.EXPERT, PersonKind.SECONDEE))


def test_a_companion_who_stays_at_home_is_none() -> None:
    assert TeamProblemKind.EXPERT_ALONE in kinds(EXPERT, replace(LEAD, role=VisitRole.DRAFTER))


def test_a_visit_needs_somebody_who_goes() -> None:
    assert kinds(replace(LEAD, role=VisitRole.APPROVER)) == [TeamProblemKind.NOBODY_GOES]
    assert kinds() == [TeamProblemKind.NOBODY_GOES]


@pytest.mark.requirement("R-S86")
@pytest.mark.parametrize(("kind", "role"), list(product(PersonKind, VisitRole)))
def test_seconded_officials_and_experts_never_lead_or_approve(kind: PersonKind, role: VisitRole) -> None:
    closed = kind in (PersonKind.SECONDEE, PersonKind.EXPERT) and role in (VisitRole.LEAD, VisitRole.APPROVER)
    closed = closed or (kind is PersonKind.EXPERT and role is VisitRole.AUTHORITY_CONTACT)
    member = replace(EXPERT, kind=kind, role=role)

    assert may_hold(kind, role) != closed
    assert (TeamProblemKind.ROLE_CLOSED in kinds(LEAD, member)) == closed


def test_a_secondee_has_no_part_in_what_concerns_the_origin() -> None:
    secondee = TeamMember(
        person_id="secondee",
        kind=PersonKind.SECONDEE,
        role=VisitRole.PREPARATION_CONTRIBUTOR,
        origin_authority_id="police",
    )

    assert [(each.kind, each.place_id) for each in found(LEAD, secondee)] == [
        (TeamProblemKind.ORIGIN_AUTHORITY, "station")
    ]


def test_a_problem_says_its_code_and_its_sentence() -> None:
    problem = found(LEAD, replace(EXPERT, prepared_on=None))[0]

    assert (problem.code, problem.sentence) == ("not_prepared", "took no part in the preparation")


@pytest.mark.requirement("R-V63")
def test_expertise_that_nobody_brings_is_named() -> None:
    assert missing_expertise(["law", "psychiatry", "gender"], [{"law"}, {"gender", "law"}]) == ("psychiatry",)


def test_the_effects_are_those_of_the_stakeholders_service() -> None:
    assert {each.value: each.label for each in ConflictEffect} == {
        each.value: each.label for each in conflicts.ConflictEffect
    }


@pytest.mark.requirement("R-V59")
@pytest.mark.parametrize(("visit", "kept"), [("this", True), ("another", False)])
def test_a_conflict_with_a_visit_keeps_from_that_visit_alone(visit: str, kept: bool) -> None:
    matter = Conflict(effect=ConflictEffect.EXCLUDE_VISIT, matter_ids=frozenset({"this"}))
    place = replace(PRISON, visit_ids=frozenset({visit}))

    assert is_shut_out([matter], place, DAYS[0]) == kept
    assert not is_shut_out([matter], PRISON, DAYS[0])


@pytest.mark.parametrize("effect", ConflictEffect)
def test_what_leaves_nothing_of_a_place(effect: ConflictEffect) -> None:
    about = Conflict(effect=effect, place_ids=frozenset({"prison"}))

    assert is_shut_out([about], PRISON, DAYS[0]) == (
        effect.value in ("exclude_visit", "exclude_place", "ends_function")
    )
    assert not is_shut_out([about], STATION, DAYS[0])

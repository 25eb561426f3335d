"""Which roles go together, what needs a second person, and who never acts on which account: every pair."""

from datetime import date
from itertools import product

import pytest

from services.stakeholders.accounts.rules import (
    ALONE,
    OF_MEMBERS,
    ROLES_OF,
    SECOND_PERSON,
    AccountClass,
    AccountGap,
    AccountRole,
    AccountStatus,
    OtherAccount,
    Term,
    acting_gaps,
    approval_gaps,
    is_in_force,
    is_in_office,
    needs_second_person,
    person_gaps,
    role_gaps,
    together_gaps,
)
from services.stakeholders.decision_matrix.rules import DECIDING_ROLES, NEVER_DECIDING_ROLES
from services.stakeholders.persons.rules import InstitutionPersonKind
from shared import access

#: Written from the access page, section 1, and threat T14, not from the code under test.
COMBINE_WITH_NOTHING = {"sysadmin", "data_protection_officer", "secondee"}
PAIRS = list(product(AccountRole, AccountRole))
DAY = date(2026, 11, 22)


def class_of(role: AccountRole) -> AccountClass:
    return next(name for name, roles in ROLES_OF.items() if role in roles)


def test_the_words_are_those_of_the_access_page() -> None:
    words = access.vocabulary()

    assert set(AccountRole) == set(words.roles) - {"public", "partner_system"}
    assert {each: roles | ({"partner_system"} & words.classes[each]) for each, roles in ROLES_OF.items()} == {
        each: roles for each, roles in words.classes.items() if each != "public"
    }
    assert (words.alone, words.second_person) == (ALONE, SECOND_PERSON)
    assert words.deciding == DECIDING_ROLES == OF_MEMBERS
    assert not words.deciding & NEVER_DECIDING_ROLES


@pytest.mark.requirement("R-G11")
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_roles_go_together_within_a_class_unless_one_stands_alone(one: AccountRole, other: AccountRole) -> None:
    gaps = role_gaps(class_of(one), {one, other})

    if class_of(one) is not class_of(other):
        assert gaps == (AccountGap.ANOTHER_CLASS,)
    elif one is not other and {one, other} & COMBINE_WITH_NOTHING:
        assert gaps == (AccountGap.COMBINES_WITH_NOTHING,)
    else:
        assert gaps == ()


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_accounts_of_a_person_follow_the_rules_of_one(one: AccountRole, other: AccountRole) -> None:
    second = OtherAccount(audience_class=class_of(other), roles=frozenset({other}))

    assert together_gaps(class_of(one), {one}, [second]) == role_gaps(class_of(one), {one, other})


def test_an_account_has_a_role() -> None:
    assert role_gaps(AccountClass.NPM, set()) == (AccountGap.NO_ROLE,)


@pytest.mark.parametrize(("present", "proposed"), PAIRS)
def test_what_is_added_on_complaints_vault_or_decisions_needs_a_second_person(
    present: AccountRole, proposed: AccountRole
) -> None:
    needed = proposed is not present and proposed in SECOND_PERSON

    assert needs_second_person({present}, {proposed}) == needed
    assert needs_second_person({present}, {present, proposed}) == needed
    assert not needs_second_person({present, proposed}, {present})


def test_every_role_with_content_that_hurts_or_a_decision_is_given_by_two() -> None:
    words = access.vocabulary()
    hurts = {"complaints:narratives.read", "complaints:identities.reveal", "complaints:complaints.read"}
    hurts |= words.decisions | {"stakeholders:accounts.write", "gateway:revocations.write", "gateway:journal.read"}

    given_by_two = {name for name, scopes in words.roles.items() if scopes & hurts}

    assert given_by_two <= SECOND_PERSON


@pytest.mark.requirement("R-G09", "R-S86")
@pytest.mark.parametrize("role", sorted(ROLES_OF[AccountClass.NPM]))
def test_a_seconded_official_gets_the_role_of_one_and_nobody_else_does(role: AccountRole) -> None:
    of_secondee = person_gaps(AccountClass.NPM, {role}, InstitutionPersonKind.SECONDEE)
    of_member = person_gaps(AccountClass.NPM, {role}, InstitutionPersonKind.MEMBER)

    assert (of_secondee == ()) == (role is AccountRole.SECONDEE)
    assert (of_member == ()) == (role is not AccountRole.SECONDEE)


@pytest.mark.parametrize("role", sorted(ROLES_OF[AccountClass.NPM]))
def test_only_a_member_leads_or_is_a_member(role: AccountRole) -> None:
    gaps = person_gaps(AccountClass.NPM, {role}, InstitutionPersonKind.STAFF)

    assert (gaps == ()) == (role not in OF_MEMBERS | {AccountRole.SECONDEE})


@pytest.mark.parametrize(("audience_class", "kind"), list(product(AccountClass, [None, *InstitutionPersonKind])))
def test_a_person_is_of_one_class(audience_class: AccountClass, kind: InstitutionPersonKind | None) -> None:
    fitting = {
        None: {AccountClass.AUTHORITY, AccountClass.PARTNER},
        InstitutionPersonKind.EXPERT: {AccountClass.EXPERT},
        InstitutionPersonKind.SECONDEE: {AccountClass.NPM},
    }.get(kind, {AccountClass.NPM})
    role = AccountRole.SECONDEE if kind is InstitutionPersonKind.SECONDEE else AccountRole.STAFF

    assert (person_gaps(audience_class, {role}, kind) == ()) == (audience_class in fitting)


@pytest.mark.parametrize(("proposer", "concerned", "decider"), list(product("abc", "abc", "abc")))
def test_proposer_decider_and_who_gets_the_roles_are_three_persons(proposer: str, concerned: str, decider: str) -> None:
    may_propose = acting_gaps(by=proposer, concerned=concerned) == ()
    may_decide = approval_gaps(by=decider, proposed_by=proposer, concerned=concerned) == ()

    assert may_propose == (proposer != concerned)
    assert (may_propose and may_decide) == (len({proposer, concerned, decider}) == 3)


def test_nobody_decides_on_nothing() -> None:
    assert approval_gaps(by="a", proposed_by=None, concerned="b") == (AccountGap.NOTHING_PROPOSED,)


@pytest.mark.requirement("R-G17")
@pytest.mark.parametrize(
    ("status", "from_on", "to_on", "expected"),
    [
        (AccountStatus.ACTIVE, DAY, None, True),
        (AccountStatus.ACTIVE, DAY, DAY, True),
        (AccountStatus.ACTIVE, date(2026, 11, 23), None, False),
        (AccountStatus.ACTIVE, date(2026, 1, 1), date(2026, 11, 21), False),
        (AccountStatus.INVITED, DAY, None, False),
        (AccountStatus.ENDED, DAY, None, False),
    ],
)
def test_an_account_is_in_force_while_active_and_within_its_days(
    status: AccountStatus, from_on: date, to_on: date | None, expected: bool
) -> None:
    assert is_in_force(status, from_on=from_on, to_on=to_on, today=DAY) == expected


BEFORE, RUNNING, OPEN, LATER = (
    Term(from_on=date(2020, 1, 1), to_on=date(2026, 11, 21)),
    Term(from_on=date(2026, 11, 22), to_on=date(2026, 11, 22)),
    Term(from_on=date(2022, 1, 1)),
    Term(from_on=date(2026, 11, 23), to_on=date(2030, 1, 1)),
)


@pytest.mark.requirement("R-G17")
@pytest.mark.parametrize(
    ("terms", "expected"),
    [([], True), ([Term()], True), ([BEFORE], False), ([LATER], False), ([BEFORE, LATER], False), ([BEFORE, RUNNING], True), ([OPEN], True)],
)  # fmt: skip
def test_time_at_the_npm_runs_while_a_mandate_does(terms: list[Term], expected: bool) -> None:
    assert is_in_office(terms, DAY) == expected

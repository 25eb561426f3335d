"""Effective rights over every pair of roles, account and decision matrix: the narrower counts, what is missing grants nothing."""

from dataclasses import replace
from itertools import chain, combinations, permutations, product

import pytest

from gateway.effective import AccountGiven, Rights, rights_of
from gateway.identities import Identity
from shared.access import vocabulary

WORDS = vocabulary()
INSTITUTION, A, B = (
    "0a8d0d5d-23b8-42ec-af59-2333f37157fd",
    "f9d212a8-7680-4faf-8923-9f324d2f29b3",
    "40d80bea-6054-4184-8c2d-53cbed320d47",
)
PERSON = "11c04990-bb64-43ef-baa6-6369149d637f"
CLASSES = ["npm", "expert", "authority", "partner"]
ROLES = [(name, role) for name in CLASSES for role in sorted(WORDS.classes[name])]
PAIRS_OF_ROLES = [(name, one, other) for (name, one), (_, other) in product(ROLES, ROLES)]
#: Written from the access page and threat T14, not from the code under test.
TWO_PERSONS = {"head", "member", "complaints_officer", "vault_keeper", "data_protection_officer", "sysadmin"}
ALONE = {"sysadmin", "data_protection_officer", "secondee"}


def login(audience_class: str, *roles: str, organisation: str | None = None) -> Identity:
    usual = {"npm": INSTITUTION, "authority": A, "partner": B}.get(audience_class, "")
    return Identity(
        issuer="https://id.example.org", subject="someone", client_id="front-end", token_id="t", audience_class=audience_class,
        roles=frozenset(roles), organisation_id=usual if organisation is None else organisation,
    )  # fmt: skip


def held(
    audience_class: str, *roles: str, decides: frozenset[str] = frozenset(), in_force: bool = True
) -> AccountGiven:
    bound = {"expert": {"expert_id": PERSON}, "authority": {"authority_id": A}, "partner": {"partner_id": B}}
    return AccountGiven(
        is_in_force=in_force, audience_class=audience_class, roles=frozenset(roles), person_id=PERSON, decision_scopes=decides,
        **bound.get(audience_class, {}),
    )  # fmt: skip


def rights(identity: Identity, account: AccountGiven | None) -> Rights | None:
    return rights_of(identity, account, words=WORDS, institution_id=INSTITUTION)


@pytest.mark.parametrize(("audience_class", "mapped", "given"), PAIRS_OF_ROLES)
def test_a_role_counts_where_mapping_and_account_both_give_it(audience_class: str, mapped: str, given: str) -> None:
    class_of_account = next(name for name, role in ROLES if role == given)

    found = rights(login(audience_class, mapped), held(class_of_account, given))

    if mapped == given and mapped != "partner_system":
        assert found is not None
        assert found.roles == {mapped}
        assert found.scopes <= {name for name, scope in WORDS.scopes.items() if audience_class in scope.classes}
    else:
        assert found is None


@pytest.mark.parametrize(("audience_class", "role"), ROLES)
def test_without_an_account_nobody_gets_what_two_persons_give(audience_class: str, role: str) -> None:
    found = rights(login(audience_class, role), None)

    expected = audience_class != "expert" and role not in TWO_PERSONS | {"partner_system"}
    assert (found is not None) == expected


@pytest.mark.requirement("R-G17")
@pytest.mark.parametrize(("audience_class", "role"), ROLES)
def test_an_account_that_is_not_in_force_takes_away_what_the_mapping_gives(audience_class: str, role: str) -> None:
    assert rights(login(audience_class, role), held(audience_class, role, in_force=False)) is None


@pytest.mark.parametrize(("audience_class", "other"), list(permutations(CLASSES, 2)))
def test_rights_are_never_the_union_of_two_classes(audience_class: str, other: str) -> None:
    """Mapped into one class with roles of another, or with an account of another: no access."""
    role = sorted(WORDS.classes[other] - {"partner_system"})[-1]
    own = sorted(WORDS.classes[audience_class] - {"partner_system"})[-1]

    assert rights(login(audience_class, role), None) is None
    assert rights(login(audience_class, own, role), held(audience_class, own)) is None
    assert rights(login(audience_class, own), replace(held(audience_class, own), audience_class=other)) is None


@pytest.mark.parametrize(("one", "other"), list(combinations(sorted(WORDS.classes["npm"]), 2)))
def test_what_combines_with_nothing_is_refused_even_where_the_account_would_narrow_it(one: str, other: str) -> None:
    mapped_both = rights(login("npm", one, other), held("npm", one, other))
    narrowed = rights(login("npm", one, other), held("npm", one))

    assert (mapped_both is None) == (narrowed is None) == bool({one, other} & ALONE)


NAMED = frozenset({"visits:reports.approve", "stakeholders:accounts.approve"})


@pytest.mark.requirement("R-G09", "R-G15")
@pytest.mark.parametrize(("audience_class", "role"), [pair for pair in ROLES if pair[1] != "partner_system"])
def test_only_head_and_members_hold_what_the_matrix_names(audience_class: str, role: str) -> None:
    found = rights(login(audience_class, role), held(audience_class, role, decides=NAMED))

    assert found is not None
    decisions = found.scopes & WORDS.decisions
    assert decisions == {"head": WORDS.decisions, "member": NAMED}.get(role, frozenset())


@pytest.mark.requirement("R-G15")
@pytest.mark.parametrize("scope", sorted(WORDS.decisions))
def test_a_member_named_for_one_decision_holds_that_one(scope: str) -> None:
    found = rights(login("npm", "member"), held("npm", "member", decides=frozenset({scope})))

    assert found is not None
    assert found.scopes == WORDS.roles["member"] | {scope}


def test_a_head_whom_the_provider_calls_a_member_decides_as_the_matrix_says() -> None:
    found = rights(login("npm", "member"), held("npm", "head", "member", decides=NAMED))

    assert found is not None
    assert found.roles == {"member"}
    assert found.scopes & WORDS.decisions == NAMED


def test_what_is_no_decision_is_never_named_by_the_matrix() -> None:
    found = rights(login("npm", "member"), held("npm", "member", decides=frozenset({"complaints:narratives.read"})))

    assert found is not None
    assert "complaints:narratives.read" not in found.scopes


@pytest.mark.requirement("R-G09")
def test_no_set_of_roles_gives_a_secondee_a_decision() -> None:
    roles = sorted(WORDS.classes["npm"])
    sets = chain.from_iterable(combinations(roles, size) for size in range(1, len(roles) + 1))

    for each in sets:
        found = rights(login("npm", *each), held("npm", *each, decides=WORDS.decisions))
        assert found is None or "secondee" not in found.roles or not found.scopes & WORDS.decisions


@pytest.mark.requirement("R-G14")
def test_who_runs_the_system_has_no_scope_on_content() -> None:
    found = rights(login("npm", "sysadmin"), held("npm", "sysadmin", decides=WORDS.decisions))

    assert found is not None
    assert found.scopes == {
        "stakeholders:accounts.write", "gateway:clients.write", "gateway:revocations.write", "stakeholders:me.use",
        "gateway:operations.read",
    }  # fmt: skip


@pytest.mark.requirement("R-G11")
def test_the_complaints_department_and_the_staff_of_the_npm_share_nothing_but_themselves() -> None:
    department = rights(login("partner", "nhri_complaints"), None)
    staff = rights(login("npm", "staff"), None)

    assert department is not None
    assert staff is not None
    assert department.scopes & staff.scopes == {
        "stakeholders:me.use",
        "gateway:operations.read",
        "gateway:feeds.read",
    }


@pytest.mark.requirement("R-G05")
def test_an_expert_comes_by_invitation_and_is_bound_to_one_record() -> None:
    found = rights(login("expert", "expert"), held("expert", "expert"))

    assert found is not None
    assert found.expert_id == PERSON
    assert rights(login("expert", "expert"), None) is None
    assert rights(login("expert", "expert"), replace(held("expert", "expert"), expert_id="")) is None


@pytest.mark.parametrize(
    ("mapped", "given", "expected"), [(A, "", A), ("", A, A), (A, A, A), (A, B, None), ("", "", None)]
)
@pytest.mark.parametrize("audience_class", ["authority", "partner"])
def test_mapping_and_account_name_one_organisation(
    audience_class: str, mapped: str, given: str, expected: str | None
) -> None:
    role = {"authority": "authority_official", "partner": "cso_partner"}[audience_class]
    account = replace(held(audience_class, role), authority_id=given, partner_id=given)

    found = rights(login(audience_class, role, organisation=mapped), account)

    assert (getattr(found, f"{audience_class}_id") if found else None) == expected


@pytest.mark.requirement("R-G02")
@pytest.mark.parametrize(("mapped", "given", "expected"), [(A, "", A), ("", A, A), (A, B, None), ("", "", "")])
def test_mapping_and_account_name_one_department(mapped: str, given: str, expected: str | None) -> None:
    identity = replace(login("authority", "authority_official"), department_id=mapped)

    found = rights(identity, replace(held("authority", "authority_official"), department_id=given))

    assert (found.department_id if found else None) == expected


@pytest.mark.parametrize("organisation", ["", A])
def test_the_npm_is_this_institution(organisation: str) -> None:
    assert rights(login("npm", "staff", organisation=organisation), None) is None


@pytest.mark.parametrize("audience_class", ["public", "service", "nobody", ""])
def test_no_provider_makes_somebody_of_another_kind(audience_class: str) -> None:
    assert rights(login(audience_class, "public", "system", organisation=A), None) is None
    assert rights(login(audience_class, "public", organisation=A), None) is None


def test_one_login_is_one_person_and_two_providers_are_two() -> None:
    first, again = rights(login("npm", "staff"), None), rights(login("npm", "staff"), None)
    elsewhere = rights(replace(login("npm", "staff"), issuer="https://other.example.org"), None)

    assert first is not None
    assert first == again
    assert elsewhere is not None
    assert elsewhere.person_id != first.person_id

"""Why a login has no access: a reason for every pair of mapping and account that gives none, and for no other."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from gateway.effective import AccountGiven, reason_of
from gateway.identities import Identity
from gateway.providers.mapping import identity_of
from gateway.without_access import Reason
from tests.gateway.test_effective import (
    INSTITUTION,
    PAIRS_OF_ROLES,
    ROLES,
    TWO_PERSONS,
    WORDS,
    A,
    B,
    held,
    login,
    rights,
)
from tests.providers.entries import entry
from tests.providers.test_mapping import GOOD, NOW

#: What each login lacks, in the words of the access page, section 6; written apart from the code under test.
BINDING: dict[str, tuple[Identity, AccountGiven | None, Reason]] = {
    "of no institution": (login("npm", "staff", organisation=""), None, Reason.NO_ORGANISATION),
    "of another institution": (login("npm", "staff", organisation=A), None, Reason.OTHER_INSTITUTION),
    "of no authority": (
        login("authority", "authority_official", organisation=""), None, Reason.NO_ORGANISATION,
    ),
    "of two authorities": (
        login("authority", "authority_official", organisation=B), held("authority", "authority_official"),
        Reason.SEVERAL_ORGANISATIONS,
    ),
    "of two partners": (
        login("partner", "cso_partner", organisation=A), held("partner", "cso_partner"), Reason.SEVERAL_ORGANISATIONS,
    ),
    "of two departments": (
        replace(login("authority", "authority_official"), department_id=A),
        replace(held("authority", "authority_official"), department_id=B), Reason.SEVERAL_ORGANISATIONS,
    ),
    "an expert of no record": (
        login("expert", "expert"), replace(held("expert", "expert"), expert_id=""), Reason.NO_EXPERT_RECORD,
    ),
}  # fmt: skip
#: Claims beside those of a member of staff, and what an account-less login with them hears.
MAPPED: dict[str, tuple[dict[str, Any], Reason]] = {
    "no class": ({"class": "nothing"}, Reason.NO_CLASS),
    "two classes": ({"class": ["npm", "partner"]}, Reason.TWO_CLASSES),
    "no role": ({"roles": ["visitor"]}, Reason.NO_ROLE),
    "a role of another class": ({"roles": ["staff", "cso_partner"]}, Reason.TWO_CLASSES),
    "a role that stands alone": ({"roles": ["staff", "secondee"]}, Reason.ROLE_STANDS_ALONE),
    "no organisation": ({"organisation": "unknown"}, Reason.NO_ORGANISATION),
    "two organisations": ({"organisation": ["npm", "ministry"]}, Reason.SEVERAL_ORGANISATIONS),
}


def expected(
    audience_class: str, mapped: str, account_class: str, given: str | None, *, in_force: bool
) -> Reason | None:
    if mapped == "partner_system":
        return Reason.NO_ROLE
    if given is None:
        return Reason.ACCOUNT_NEEDED if mapped in TWO_PERSONS | {"expert"} else None
    if not in_force:
        return Reason.ACCOUNT_NOT_IN_FORCE
    if account_class != audience_class:
        return Reason.ACCOUNT_OF_ANOTHER_CLASS
    return None if mapped == given else Reason.NO_ROLE_IN_COMMON


def judged(identity: Identity, account: AccountGiven | None) -> Reason | None:
    """Give the reason where there is no access."""
    return None if rights(identity, account) is not None else reason_of(identity, account, WORDS)


@pytest.mark.parametrize("in_force", [True, False])
@pytest.mark.parametrize(("audience_class", "mapped", "given"), PAIRS_OF_ROLES)
def test_every_pair_of_mapped_and_given_role_has_its_reason(
    audience_class: str, mapped: str, given: str, in_force: bool
) -> None:
    class_of_account = next(name for name, role in ROLES if role == given)

    reason = judged(login(audience_class, mapped), held(class_of_account, given, in_force=in_force))

    assert reason == expected(audience_class, mapped, class_of_account, given, in_force=in_force)


@pytest.mark.parametrize(("audience_class", "role"), ROLES)
def test_every_role_without_an_account_has_its_reason(audience_class: str, role: str) -> None:
    assert judged(login(audience_class, role), None) == expected(audience_class, role, "", None, in_force=False)


@pytest.mark.parametrize(("one", "other"), [pair for pair in product(ROLES, ROLES) if pair[0] < pair[1]])
def test_every_pair_of_mapped_roles_has_its_reason(one: tuple[str, str], other: tuple[str, str]) -> None:
    roles = {one[1], other[1]} - {"partner_system"}
    alone = {"sysadmin", "data_protection_officer", "secondee"}

    reason = judged(login(one[0], one[1], other[1]), held(one[0], one[1], other[1]))

    if not roles <= WORDS.classes[one[0]]:
        assert reason is Reason.TWO_CLASSES
    else:
        assert reason is (Reason.ROLE_STANDS_ALONE if len(roles) > 1 and roles & alone else None)


@pytest.mark.parametrize("name", BINDING)
def test_what_a_class_is_bound_to_has_its_reason(name: str) -> None:
    identity, account, reason = BINDING[name]

    assert judged(identity, account) is reason


@pytest.mark.parametrize("name", MAPPED)
def test_what_a_mapping_lacks_has_its_reason(name: str) -> None:
    claims, reason = MAPPED[name]
    identity = identity_of({**GOOD, **claims}, entry(), now=NOW + 1)

    assert judged(identity, None) is reason
    assert identity.roles == frozenset()
    assert judged(replace(identity_of(GOOD, entry(), now=NOW + 1), organisation_id=INSTITUTION), None) is None


def test_every_reason_is_reached_and_says_nothing_but_of_oneself() -> None:
    reached = {reason for _, _, reason in BINDING.values()} | {reason for _, reason in MAPPED.values()}
    reached |= {
        Reason.ACCOUNT_NEEDED,
        Reason.ACCOUNT_NOT_IN_FORCE,
        Reason.ACCOUNT_OF_ANOTHER_CLASS,
        Reason.NO_ROLE_IN_COMMON,
    }

    assert reached == set(Reason)
    assert all("your" in reason.label and "{" not in reason.label for reason in Reason)

"""Rules of mapping: every pair of class, role, organisation and login."""

from itertools import combinations, product
from typing import Any

import pytest

from gateway.identities import Identity
from gateway.providers import paths
from gateway.providers.configuration import class_of
from gateway.providers.mapping import identity_of
from shared.access import vocabulary
from tests.providers.entries import AUTHORITY, DEPARTMENT, INSTITUTION, PARTNER, entry

NOW = 1_795_000_000
GOOD: dict[str, Any] = {
    "iss": "https://id.example.org", "sub": "s-1", "azp": "front-end", "jti": "t-1", "iat": NOW, "exp": NOW + 300,
    "class": "npm", "organisation": "npm", "roles": ["staff"], "acr": "strong", "auth_time": NOW - 60,
}  # fmt: skip
CLASSES = ("npm", "expert", "authority", "partner")
PEOPLE = sorted(role for role in vocabulary().roles if role not in ("public", "partner_system"))
ORGANISATIONS = {"npm": "npm", "authority": "ministry", "partner": "ombuds", "expert": None}
IDS = {"npm": INSTITUTION, "ministry": AUTHORITY, "ombuds": PARTNER}


def mapped(claims: dict[str, Any] | None = None, **changes: Any) -> Identity:
    """Map the good claims with some of them changed; None takes one away."""
    made = {name: value for name, value in {**GOOD, **(claims or {})}.items() if value is not None}
    return identity_of(made, entry(**changes), now=NOW + 1)


@pytest.mark.parametrize(("role", "audience_class"), list(product(PEOPLE, CLASSES)))
def test_a_role_counts_in_its_own_class_alone(role: str, audience_class: str) -> None:
    organisation = ORGANISATIONS[audience_class]

    found = mapped({"class": audience_class, "roles": [role], "organisation": organisation})

    assert found.audience_class == audience_class
    assert found.roles == (frozenset({role}) if class_of(role) == audience_class else frozenset())


@pytest.mark.requirement("R-G09")
@pytest.mark.parametrize("pair", list(combinations(PEOPLE, 2)), ids="+".join)
def test_two_roles_combine_within_a_class_unless_one_stands_alone(pair: tuple[str, str]) -> None:
    classes = {class_of(role) for role in pair}
    audience_class = class_of(pair[0]) or ""
    combine = len(classes) == 1 and not set(pair) & vocabulary().alone

    found = mapped({"class": audience_class, "roles": list(pair), "organisation": ORGANISATIONS[audience_class]})

    assert found.roles == (frozenset(pair) if combine else frozenset())


@pytest.mark.parametrize("pair", list(combinations(CLASSES, 2)), ids="+".join)
def test_two_classes_are_none(pair: tuple[str, str]) -> None:
    found = mapped({"class": list(pair)})

    assert (found.audience_class, found.roles) == ("", frozenset())


@pytest.mark.parametrize(
    ("audience_class", "organisation"), list(product(CLASSES, ["npm", "ministry", "nowhere", None]))
)
def test_an_organisation_is_needed_by_every_class_but_the_experts(
    audience_class: str, organisation: str | None
) -> None:
    roles = [role for role in PEOPLE if class_of(role) == audience_class][:1]

    found = mapped({"class": audience_class, "organisation": organisation, "roles": roles})

    known = IDS.get(organisation or "", "")
    assert found.roles == (frozenset(roles) if known or audience_class == "expert" else frozenset())
    assert found.organisation_id == ("" if audience_class == "expert" else known)


def test_two_organisations_are_no_access() -> None:
    assert (
        mapped({"class": "authority", "roles": ["authority_official"], "organisation": ["ministry", "ombuds"]}).roles
        == frozenset()
    )


@pytest.mark.parametrize(
    ("department", "optional", "roles"),
    [
        ("health", True, 1),
        (None, True, 1),
        ("other", True, 1),
        ("health", False, 1),
        (None, False, 0),
        ("other", False, 0),
    ],
)
def test_a_department_is_needed_where_it_is_not_optional(department: str | None, optional: bool, roles: int) -> None:
    official = {
        "class": "authority",
        "roles": ["authority_official"],
        "organisation": "ministry",
        "department": department,
    }

    found = mapped(official, map__department__optional=optional)

    assert len(found.roles) == roles
    assert found.department_id == (DEPARTMENT if department == "health" else "")


def test_a_department_means_nothing_outside_an_authority() -> None:
    assert mapped({"department": "health"}, map__department__optional=False).roles == {"staff"}
    assert mapped({"department": "health"}).department_id == ""


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ("staff", {"staff"}),
        (["staff"], {"staff"}),
        (["staff", "staff"], {"staff"}),
        (["staff", "unlisted"], {"staff"}),
        (["unlisted"], set()),
        ("staff member", set()),
        ("STAFF", set()),
        ([], set()),
        (None, set()),
        ("", set()),
        (["staff", 1], set()),
        (["staff", None], set()),
        ([["staff"]], set()),
        ({"staff": True}, set()),
        (True, set()),
        (1, set()),
    ],
)
def test_a_claim_is_a_string_or_an_array_of_strings(roles: Any, expected: set[str]) -> None:
    assert mapped({"roles": roles}).roles == expected


def test_overage_markers_are_not_followed() -> None:
    beyond = {
        "roles": None,
        "_claim_names": {"roles": "src1"},
        "_claim_sources": {"src1": {"endpoint": "https://graph.example.org"}},
    }

    assert mapped(beyond).roles == frozenset()


def test_a_class_that_the_issuer_may_not_give_is_none() -> None:
    # the file refuses it; the rule does not rely on that
    narrow = entry().model_copy(update={"may_issue": ["authority"]})

    found = identity_of(GOOD, narrow, now=NOW)

    assert (found.audience_class, found.roles) == ("", frozenset())


@pytest.mark.parametrize(
    ("acr", "auth_time", "expected"),
    [
        ("strong", NOW - 60, ("strong", NOW - 60)),
        (["p1", "mfa"], NOW - 60, ("strong", NOW - 60)),
        (["p1"], NOW - 60, ("basic", NOW - 60)),
        ("basic", NOW - 60, ("basic", NOW - 60)),
        ("STRONG", NOW - 60, ("basic", NOW - 60)),
        ("strong mfa", NOW - 60, ("basic", NOW - 60)),
        (None, NOW - 60, ("basic", NOW - 60)),
        (1, NOW - 60, ("basic", NOW - 60)),
        (["strong", 1], NOW - 60, ("basic", NOW - 60)),
        ("strong", None, ("strong", 0)),
        ("strong", "1795000000", ("strong", 0)),
        ("strong", True, ("strong", 0)),
        ("strong", NOW - 0.5, ("strong", 0)),
        ("strong", -1, ("strong", 0)),
        ("strong", 0, ("strong", 0)),
        ("strong", NOW + 20, ("strong", NOW + 20)),
        ("strong", NOW + 60, ("strong", 0)),
        ("strong", 10**30, ("strong", 0)),
    ],
)
def test_strength_and_time_of_a_login(acr: Any, auth_time: Any, expected: tuple[str, int]) -> None:
    found = mapped({"acr": acr, "auth_time": auth_time})

    assert (found.acr, found.auth_time) == expected


def test_a_provider_without_step_up_gives_none() -> None:
    found = mapped(step_up=None)

    assert (found.acr, found.auth_time) == ("basic", 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name in ("sub", "jti", "azp")
        for value in (None, "", 1, True, ["s-1"], {"a": "b"}, "é", "a\nb", "a b", "x" * 256)
    ],
)
def test_subject_token_and_client_are_required(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match="required"):
        mapped({name: value})


def test_a_client_that_is_not_allowed_is_refused() -> None:
    with pytest.raises(ValueError, match="client"):
        mapped({"azp": "another"})


@pytest.mark.parametrize(
    ("marks", "claims", "passes"),
    [
        ({"equal": {"typ": "Bearer"}}, {"typ": "Bearer"}, True),
        ({"equal": {"typ": "Bearer"}}, {"typ": "ID"}, False),
        ({"equal": {"typ": "Bearer"}}, {"typ": ["Bearer"]}, False),
        ({"equal": {"typ": "Bearer"}}, {}, False),
        ({"equal": {"ver": "2.0"}}, {"ver": 2.0}, False),
        ({"present": ["uid"]}, {"uid": "u"}, True),
        ({"present": ["uid"]}, {"uid": None}, False),
        ({"present": ["uid"]}, {}, False),
        ({"absent": ["nonce"]}, {}, True),
        ({"absent": ["nonce"]}, {"nonce": "n"}, False),
        ({"absent": ["nonce"]}, {"nonce": ""}, False),
        ({"present": ['"https://a.example/uid"']}, {"https://a.example/uid": "u"}, True),
    ],
)
def test_marks_tell_an_access_token_from_an_id_token(
    marks: dict[str, Any], claims: dict[str, Any], passes: bool
) -> None:
    if passes:
        assert mapped(claims, marks=marks).roles == {"staff"}
    else:
        with pytest.raises(ValueError, match="mark"):
            mapped(claims, marks=marks)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("roles", ("roles",)),
        ("resource_access.article22.roles", ("resource_access", "article22", "roles")),
        ('resource_access."my.api".roles', ("resource_access", "my.api", "roles")),
        ('"https://example.org/roles"', ("https://example.org/roles",)),
        ("cognito:groups", ("cognito:groups",)),
    ],
)
def test_a_path_is_member_names_with_dots(path: str, names: tuple[str, ...]) -> None:
    assert paths.names(path) == names


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "a..b", 'a."b', '"a"b', "a b", '""', "a.b.c.d.e.f.g.h.i.j.k"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="member names"):
        paths.names(path)


@pytest.mark.parametrize("claims", [{}, {"a": None}, {"a": []}, {"a": "b"}, {"a": ["b"]}, {"a": {"c": 1}}])
def test_a_path_that_leads_nowhere_gives_nothing(claims: dict[str, Any]) -> None:
    assert paths.claim(claims, "a.b") is paths.MISSING
    assert paths.words(claims, "a.b") == frozenset()

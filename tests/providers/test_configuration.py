"""The file of providers: what is wrong with it is told with entry and field, and nothing starts."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.assembly import gateway_alone
from gateway.providers.reading import BadIssuers, read_issuers
from shared.settings import Settings
from tests.providers.conftest import EXAMPLE
from tests.providers.entries import written
from tests.shapes import CHECKOUT


def refused(settings: Settings, folder: Path, entries: Any, **more: Any) -> str:
    """Give the sentence with which a file is refused."""
    path = folder / "issuers.yaml"
    path.write_text(entries if isinstance(entries, str) else yaml.safe_dump(entries), encoding="utf-8")
    with pytest.raises(BadIssuers) as error:
        read_issuers(settings.model_copy(update={"issuers": path, **more}))
    return str(error.value).removeprefix(f"{path}, ").removeprefix(f"{path}: ")


def test_the_shipped_example_is_taken_in_production(settings: Settings) -> None:
    found = read_issuers(settings.model_copy(update={"issuers": EXAMPLE, "environment": "production"}))

    assert [entry.may_issue for entry in found] == [["npm"], ["authority"], ["expert", "partner"]]


def test_development_goes_without_a_file_and_production_does_not(settings: Settings) -> None:
    production = settings.model_copy(update={"environment": "production"})

    assert read_issuers(settings) == []
    with pytest.raises(BadIssuers, match="production needs an identity provider"):
        read_issuers(production)
    with pytest.raises(BadIssuers, match="production needs an identity provider"):
        gateway_alone(production)


def test_a_file_that_is_named_must_be_there(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BadIssuers, match="there is no such file"):
        read_issuers(settings.model_copy(update={"issuers": tmp_path / "none.yaml"}))


NAMED = "entry 1 (https://id.example.org), field "

ONE_FIELD: list[tuple[dict[str, Any], str]] = [
    ({"may_issue": None}, "may_issue: is missing"),
    ({"may_issue": []}, "may_issue: List should have at least 1 item"),
    ({"may_issue": ["npm", "service"]}, "may_issue.1: Input should be 'npm', 'expert', 'authority' or 'partner'"),
    ({"may_issue": "npm"}, "may_issue: Input should be a valid list"),
    ({"surprise": 1}, "surprise: there is no such field"),
    ({"map__surprise": 1}, "map.surprise: there is no such field"),
    ({"clients__denied": ["x"]}, "clients.denied: there is no such field"),
    ({"algorithms": ["HS256"]}, "algorithms.0: Input should be 'ES256' or 'RS256'"),
    ({"algorithms": ["none"]}, "algorithms.0: Input should be 'ES256' or 'RS256'"),
    ({"algorithms": []}, "algorithms: List should have at least 1 item"),
    ({"typ": "id+jwt"}, "typ: Input should be 'at+jwt'"),
    ({"typ": "npm-int+jwt"}, "typ: Input should be 'at+jwt'"),
    ({"typ": "JWT"}, "marks: a typ of JWT needs marks"),
    ({"audience": ""}, "audience: String should have at least 1 character"),
    ({"audience": None}, "audience: is missing"),
    ({"max_lifetime_s": 3601}, "max_lifetime_s: Input should be less than or equal to 3600"),
    ({"max_lifetime_s": 0}, "max_lifetime_s: Input should be greater than or equal to 1"),
    ({"max_lifetime_s": "300"}, "max_lifetime_s: Input should be a valid integer"),
    ({"max_lifetime_s": True}, "max_lifetime_s: Input should be a valid integer"),
    ({"clients": None}, "clients: is missing"),
    ({"clients__allowed": []}, "clients.allowed: List should have at least 1 item"),
    ({"clients__allowed": ["a+b"]}, "clients.allowed.0: String should match pattern"),
    ({"subject": "a..b"}, "subject: member names with dots"),
    ({"subject": None}, "subject: is missing"),
    ({"token_id": None}, "token_id: is missing"),
    ({"map": None}, "map: is missing"),
    ({"map__roles": None}, "map.roles: is missing"),
    ({"map__roles__values": {"a": "king"}}, "map.roles: there is no role king"),
    ({"map__roles__values": {"a": "public"}}, "map.roles: no class that this issuer gives has the role public"),
    ({"map__roles__values": {"a": "partner_system"}}, "map.roles: a machine's role"),
    ({"map__roles__values": {"a": "visits:places.read"}}, "map.roles: there is no role visits:places.read"),
    ({"map__roles__values": {}}, "map.roles: values names at least one word"),
    ({"map__roles__values": None}, "map.roles: either const, or claim and values"),
    ({"map__roles__const": "staff"}, "map.roles: either const, or claim and values"),
    ({"map__audience_class": {"const": "npm", "optional": True}}, "map.audience_class: optional stands beside a claim"),
    ({"may_issue": ["authority"]}, "map.audience_class: may_issue does not name the class expert, npm, partner"),
    ({"map__audience_class": {"const": "authority"}}, "map.roles: no class that this issuer gives has the role "),
    ({"map__organisation": None}, "map.organisation: is missing"),
    ({"map__organisation__values": {"a": "no id"}}, "map.organisation.values.a: badly formed hexadecimal UUID string"),
    ({"marks__present": "uid"}, "marks.present: Input should be a valid list"),
    ({"marks__equal": {"ver": 2.0}}, "marks.equal.ver: Input should be a valid string"),
    ({"step_up__strong": []}, "step_up.strong: List should have at least 1 item"),
    ({"jwks_uri": "http://id.example.org/keys"}, "jwks_uri: an https address"),
    ({"jwks_uri": "file:///etc/passwd"}, "jwks_uri: an https address"),
    ({"jwks_uri": "https://user@id.example.org/keys"}, "jwks_uri: an https address"),
    ({"jwks_uri": "https://id.example.org/keys#one"}, "jwks_uri: an address without a fragment"),
]


@pytest.mark.parametrize(("change", "said"), ONE_FIELD, ids=lambda each: each if isinstance(each, str) else "")
def test_a_mistake_is_told_with_entry_and_field(
    settings: Settings, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    assert refused(settings, tmp_path, [written(**change)]).startswith(NAMED + said)


def test_an_unchanged_entry_is_taken(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "issuers.yaml"
    path.write_text(yaml.safe_dump([written(), written(issuer="https://other.example.org")]))

    found = read_issuers(settings.model_copy(update={"issuers": path}))

    assert [entry.max_lifetime_s for entry in found] == [300, 300]


@pytest.mark.requirement("R-G01")
@pytest.mark.parametrize(
    "role", ["head", "member", "staff", "secondee", "complaints_officer", "vault_keeper", "sysadmin"]
)
def test_a_provider_of_an_authority_never_makes_a_person_of_the_npm(
    settings: Settings, tmp_path: Path, role: str
) -> None:
    authority = written(
        may_issue=["authority"],
        map__audience_class={"const": "authority"},
        map__roles__values={"Answers.Draft": "authority_official", "Sneaky": role},
    )
    claims_to = written(may_issue=["authority"], map__audience_class={"const": "npm"}, map__roles__values={"a": role})

    assert f"map.roles: no class that this issuer gives has the role {role}" in refused(settings, tmp_path, [authority])
    assert "map.audience_class: may_issue does not name the class npm" in refused(settings, tmp_path, [claims_to])


def test_two_entries_of_one_issuer_are_refused(settings: Settings, tmp_path: Path) -> None:
    said = refused(settings, tmp_path, [written(), written(issuer="https://other.example.org"), written()])

    assert said == "entry 3 (https://id.example.org), field issuer: stands in an entry above too"


@pytest.mark.parametrize("own", ["", "/development", "/internal", "/services/visits"])
def test_an_issuer_of_our_own_is_no_provider(settings: Settings, tmp_path: Path, own: str) -> None:
    said = refused(settings, tmp_path, [written(issuer=f"{settings.base_url}{own}")])

    assert said.endswith("field issuer: this is an issuer of the system itself")


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9000/realm", "http://localhost/realm"])
def test_production_asks_no_provider_without_tls(settings: Settings, tmp_path: Path, issuer: str) -> None:
    path = tmp_path / "issuers.yaml"
    path.write_text(yaml.safe_dump([written(issuer=issuer)]))

    assert len(read_issuers(settings.model_copy(update={"issuers": path}))) == 1
    assert "field issuer: an https address" in refused(
        settings, tmp_path, [written(issuer=issuer)], environment="production"
    )


@pytest.mark.parametrize(
    "issuer", ["http://id.example.org", "id.example.org", "https://id.example.org?x=1", "https://", "ftp://a"]
)
def test_an_issuer_is_an_address(settings: Settings, tmp_path: Path, issuer: str) -> None:
    assert "an https address" in refused(settings, tmp_path, [written(issuer=issuer)]) or "without a query" in refused(
        settings, tmp_path, [written(issuer=issuer)]
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a list of at least one"),
        ("{}", "a list of at least one"),
        ("[]", "a list of at least one"),
        ("- 1", "entry 1: Input should be a valid dictionary"),
        ("- [", "line 1: "),
        ("- {issuer: a, issuer: b}", "line 1: issuer stands twice"),
        ("- !!python/object:os.system {}", "line 1: could not determine a constructor"),
        (
            "- issuer: https://a.example.org\n  map:\n    roles: {claim: roles, values: {a: staff, a: head}}",
            "line 3: a stands twice",
        ),
    ],
)
def test_a_file_that_is_none_is_refused(settings: Settings, tmp_path: Path, text: str, said: str) -> None:
    assert refused(settings, tmp_path, text).startswith(said)


def test_nothing_starts_with_a_file_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "issuers.yaml"
    path.write_text(yaml.safe_dump([written(may_issue=None)]))
    environment = {
        "PYTHONPATH": str(CHECKOUT), "A22_ENVIRONMENT": "test", "A22_ISSUERS": str(path), "A22_SECRETS": str(tmp_path / "secrets"),
        "A22_PUBLIC_KEYS": str(tmp_path / "keys"),
    }  # fmt: skip

    run = subprocess.run(
        [sys.executable, "-m", "deploy.serve", "gateway"],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert run.returncode == 1
    assert run.stderr == f"{path}, {NAMED}may_issue: is missing\n"

"""From a provider's token to what a person may do: the account has its say, and its end comes before the token's."""

from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.gateway.test_tokens import refusal
from tests.people import Actor, People
from tests.providers import shapes
from tests.providers.conftest import Door
from tests.providers.shapes import Product
from tests.waiting import eventually


@pytest_asyncio.fixture
async def sysadmin(door: Door) -> Actor:
    """Give who keeps the accounts."""
    return await People(door.client, door.app).as_("sysadmin", step_up=True)


async def account(door: Door, sysadmin: Actor, issuer: str, *roles: str) -> dict[str, Any]:
    """Give an account of a member of staff at a provider, approved by the head where two persons are needed."""
    head = await People(door.client, door.app).as_("head", step_up=True)
    person = await head.made("/npm/persons", {"kind": "staff", "name": "Made Up"})
    sent = {
        "issuer": issuer,
        "subject": str(uuid4()),
        "audience_class": "npm",
        "roles": list(roles),
        "person_id": person["id"],
    }
    made = await sysadmin.made("/npm/accounts", sent)
    if made["status"] == "invited":
        await head.done(f"/npm/account-proposals/{made['id']}", "approve")
    return made


def as_keycloak(roles: list[str], subject: str) -> dict[str, Any]:
    """Give the claims that say who and what somebody is at Keycloak."""
    return {"sub": subject, "resource_access": {"article22": {"roles": roles}}}


async def test_an_account_and_the_mapping_together_let_a_complaints_officer_in(
    door: Door, sysadmin: Actor, products: dict[str, Product]
) -> None:
    made = await account(door, sysadmin, products["keycloak"].issuer, "complaints_officer")
    claims = as_keycloak(["npm-complaints"], made["subject"])
    stranger = as_keycloak(["npm-complaints"], str(uuid4()))
    narrower = as_keycloak(["npm-staff"], made["subject"])

    with_account = await door.asked(shapes.keycloak(products["keycloak"], **claims).token(), "/npm/complaints")
    without = await door.asked(shapes.keycloak(products["keycloak"], **stranger).token(), "/npm/complaints")
    of_another_role = await door.asked(shapes.keycloak(products["keycloak"], **narrower).token(), "/npm/complaints")

    assert with_account.status_code == 200, with_account.text
    assert (without.status_code, of_another_role.status_code) == (403, 403)


@pytest.mark.requirement("R-G17")
async def test_the_end_of_an_account_comes_before_the_end_of_its_token(
    door: Door, sysadmin: Actor, products: dict[str, Product]
) -> None:
    made = await account(door, sysadmin, products["keycloak"].issuer, "staff")
    token = shapes.keycloak(products["keycloak"], **as_keycloak(["npm-staff"], made["subject"])).token()
    assert (await door.asked(token)).status_code == 200

    await sysadmin.done(f"/npm/accounts/{made['id']}", "end", reason="security")

    async def is_out() -> bool:
        return (await door.asked(token)).status_code == 403

    assert await eventually(is_out, seconds=5)


async def test_a_login_that_is_revoked_is_refused_within_five_seconds_and_a_later_one_is_not(
    door: Door, sysadmin: Actor, products: dict[str, Product]
) -> None:
    keycloak, subject = products["keycloak"], str(uuid4())
    early = shapes.keycloak(keycloak, **as_keycloak(["npm-staff"], subject))
    other = shapes.keycloak(keycloak, **as_keycloak(["npm-staff"], str(uuid4())))
    assert (await door.asked(early.token())).status_code == 200

    ended = {"kind": "subject", "value": subject, "issuer": keycloak.issuer, "reason": "stolen"}
    await sysadmin.made("/npm/access-revocations", ended)

    async def is_out() -> bool:
        return (await door.asked(early.token())).status_code == 401

    assert await eventually(is_out, seconds=5)
    assert refusal(await door.asked(early.token())) == refusal(await door.asked(None))
    assert (await door.asked(other.token())).status_code == 200


ABOUT_ONESELF = ("/npm/me", "/npm/rights")
CONSTANT = (403, "forbidden", "this token does not allow this operation")


def told(answer: Any) -> tuple[int, str, str]:
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "code", "detail", "instance"}
    return answer.status_code, problem["code"], problem["detail"]


@pytest.mark.requirement("R-G17")
async def test_who_has_no_access_hears_why_about_oneself_and_the_one_403_everywhere_else(
    door: Door, sysadmin: Actor, products: dict[str, Product]
) -> None:
    keycloak, waiting = products["keycloak"], str(uuid4())
    head = await People(door.client, door.app).as_("head", step_up=True)
    person = await head.made("/npm/persons", {"kind": "staff", "name": "Made Up"})
    proposed = {"issuer": keycloak.issuer, "subject": waiting, "audience_class": "npm", "roles": ["vault_keeper"]}
    await sysadmin.made("/npm/accounts", {**proposed, "person_id": person["id"]})
    logins = {
        "no_role": as_keycloak(["visitor"], str(uuid4())),
        "account_needed": as_keycloak(["npm-head"], str(uuid4())),
        "role_stands_alone": as_keycloak(["npm-staff", "npm-dpo"], str(uuid4())),
        "account_not_in_force": as_keycloak(["npm-vault"], waiting),
    }

    for code, claims in logins.items():
        token = shapes.keycloak(keycloak, **claims).token()
        assert [told(await door.asked(token, path))[:2] for path in ABOUT_ONESELF] == [(403, code)] * 2
        others = ("/npm/places", "/npm/operations", "/npm/nothing", "/partner/me", "/expert/rights", "/authority/me")
        assert [told(await door.asked(token, path)) for path in others] == [CONSTANT] * len(others), code
        written = await Actor(door.client, token).post("/npm/me")
        assert told(written) == CONSTANT


async def test_of_no_class_one_hears_so_at_every_door_and_who_is_ended_hears_nothing(
    door: Door, sysadmin: Actor, products: dict[str, Product]
) -> None:
    authentik, subject = products["authentik"], str(uuid4())
    token = shapes.authentik(authentik, sub=subject, a22_class=["expert", "partner"]).token()

    heard = [told(await door.asked(token, f"/{each}/me"))[:2] for each in ("npm", "expert", "authority", "partner")]
    ended = {"kind": "subject", "value": subject, "issuer": authentik.issuer, "reason": "stolen"}
    await sysadmin.made("/npm/access-revocations", ended)

    async def is_out() -> bool:
        return (await door.asked(token, "/partner/me")).status_code == 401

    assert heard == [(403, "two_classes")] * 4
    assert await eventually(is_out, seconds=5)


async def test_an_expert_without_an_account_hears_that_one_is_needed(door: Door, products: dict[str, Product]) -> None:
    claims = {"sub": str(uuid4()), "a22_class": "expert", "groups": ["a22-experts"]}
    token = shapes.authentik(products["authentik"], **claims).token()

    assert told(await door.asked(token, "/expert/me"))[:2] == (403, "account_needed")
    assert told(await door.asked(token, "/expert/visits")) == CONSTANT
    assert told(await door.asked(token, "/expert/contract")) == CONSTANT

"""The first two accounts of a new system: given once at the server, to two people, and everybody else by these two."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from deploy.command.found import application
from deploy.postgres.server import Server
from tests.people import People
from tests.stakeholders.accounts.made import ISSUER

pytestmark = pytest.mark.usefixtures("empty")


async def founded(**changes: str) -> Any:
    named = {
        "head": "login-one",
        "head-name": "Head",
        "sysadmin": "login-two",
        "sysadmin-name": "Administrator",
        **changes,
    }
    arguments = [part for name, value in named.items() for part in (f"--{name}", value)]
    return await asyncio.to_thread(CliRunner().invoke, application, [ISSUER, *arguments])


@pytest.fixture(autouse=True)
def server_at_hand(cluster: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A22_SERVICE_DATABASE_URL", cluster.url("stakeholders_app", "stakeholders"))


async def test_the_first_two_accounts_are_given_once(people: People) -> None:
    first, second = await founded(), await founded(head="another", sysadmin="different")

    assert (first.exit_code, second.exit_code) == (0, 1)
    assert "there are accounts already" in second.output
    sysadmin = await people.as_("sysadmin")
    given = (await sysadmin.read("/npm/accounts"))["items"]
    assert {(each["subject"], each["status"], *each["roles"]) for each in given} == {
        ("login-one", "active", "head"),
        ("login-two", "active", "sysadmin"),
    }


async def test_everybody_else_comes_by_these_two(people: People, settings: Any) -> None:
    await founded()
    given = (await (await people.as_("sysadmin")).read("/npm/accounts"))["items"]
    of = {each["roles"][0]: each["person_id"] for each in given}
    head, sysadmin = (people.other_account(settings, role, of[role]) for role in ("head", "sysadmin"))
    keeper = await head.made("/npm/persons", {"kind": "staff", "name": "Keeper"})

    made = await sysadmin.made(
        "/npm/accounts",
        {
            "issuer": ISSUER,
            "subject": uuid4().hex,
            "audience_class": "npm",
            "roles": ["vault_keeper"],
            "person_id": keeper["id"],
        },
    )
    approved = await head.done(f"/npm/account-proposals/{made['id']}", "approve")

    assert approved["roles"] == ["vault_keeper"]


@pytest.mark.parametrize(
    "changes", [{"sysadmin": "login-one"}, {"head": "a name with blanks"}, {"head-name": ""}], ids=lambda each: next(iter(each))
)  # fmt: skip
async def test_what_cannot_be_is_refused_and_leaves_nothing(people: People, changes: dict[str, str]) -> None:
    refused = await founded(**changes)

    assert refused.exit_code != 0
    assert (await (await people.as_("sysadmin")).read("/npm/accounts"))["items"] == []
    assert (await (await people.as_("head")).read("/npm/persons"))["items"] == []

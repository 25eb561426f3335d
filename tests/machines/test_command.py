"""`./a22 clients`: from a partner's own key to its token, and what the command says of a bad file."""

import asyncio
import json
import stat
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from typer.testing import CliRunner, Result

from deploy.command import clients
from tests.machines.machine import Machine
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")


@pytest.fixture(autouse=True)
def _as_personas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A22_TOKEN", raising=False)


async def run(*arguments: Any) -> Result:
    """Run the call beside the system, which answers it in this loop."""
    words = [str(each) for each in arguments]
    return await asyncio.to_thread(lambda: CliRunner().invoke(clients.application, words, env={"COLUMNS": "250"}))


def written(folder: Path, content: Any) -> Path:
    file = folder / "client.yaml"
    file.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return file


async def test_a_partner_goes_from_its_own_key_to_a_token(people: People, address: str, tmp_path: Path) -> None:
    machine = Machine()
    made = await run("new-key", tmp_path / "own.pem", "own-1")
    file = written(tmp_path, machine.registration(keys=[json.loads(made.output)]))
    one = ("--url", address)

    added = await run("add", file, *one)
    early = await run("token", machine.client_id, tmp_path / "own.pem", "own-1", *one)
    approved = await run("approve", machine.client_id, *one)
    token = await run("token", machine.client_id, tmp_path / "own.pem", "own-1", *one)
    listed = await run("list", *one)

    assert [each.exit_code for each in (made, added, early, approved, token, listed)] == [0, 0, 2, 0, 0, 0], (
        early.output
    )
    assert stat.S_IMODE((tmp_path / "own.pem").stat().st_mode) == 0o600
    assert "invalid_client" in early.output
    assert (machine.client_id in listed.output, "active" in listed.output) == (True, True)
    async with httpx.AsyncClient(base_url=address) as client:
        answer = await client.get(
            "/v1/partner/operations", headers={"Authorization": f"Bearer {token.output.strip().splitlines()[-1]}"}
        )
    assert answer.status_code == 200


async def test_a_key_follows_and_a_client_ends(people: People, address: str, tmp_path: Path) -> None:
    machine, one = Machine(), ("--url", address)
    await run("add", written(tmp_path, machine.registration()), *one)
    await run("approve", machine.client_id, *one)
    jwk = tmp_path / "next.json"
    jwk.write_text((await run("new-key", tmp_path / "next.pem", "next-1")).output, encoding="utf-8")

    ran = [
        await run("add-key", machine.client_id, jwk, *one),
        await run("approve-key", machine.client_id, "next-1", *one),
        await run("remove-key", machine.client_id, "key-1", *one),
    ]
    keys = {
        key["kid"]: key["status"] for key in json.loads((await run("show", machine.client_id, *one)).output)["keys"]
    }
    old, new = (
        await machine.asks(people.client),
        await run("token", machine.client_id, tmp_path / "next.pem", "next-1", *one),
    )
    ended = await run("revoke", machine.client_id, *one)
    again = await run("token", machine.client_id, tmp_path / "next.pem", "next-1", *one)

    assert [each.exit_code for each in ran] == [0, 0, 0], [each.output for each in ran]
    assert keys == {"key-1": "removed", "next-1": "active"}
    assert (old.status_code, new.exit_code, ended.exit_code, again.exit_code) == (401, 0, 0, 2)


REGISTRATION = Machine("0db03a8b-3d86-4d22-acbd-fb8ace35c451").registration()
BAD_FILES: dict[str, tuple[Any, str]] = {
    "a private key": (
        {**REGISTRATION, "keys": [{**REGISTRATION["keys"][0], "d": "secret"}]},
        "client.yaml: keys.0.d: this is a private key",
    ),
    "a shared secret": ({**REGISTRATION, "keys": [{"kty": "oct", "k": "secret"}]}, "client.yaml: keys.0.k: this is"),
    "an unknown key": ({**REGISTRATION, "colour": "red"}, "client.yaml: colour: extra inputs"),
    "another class's role": ({**REGISTRATION, "roles": ["staff"]}, "client.yaml: roles.0: this is no role"),
    "a scope too many": ({**REGISTRATION, "scopes": ["visits:places.read"]}, "client.yaml: scopes.0: these roles"),
    "a wrong curve": (
        {**REGISTRATION, "keys": [{**REGISTRATION["keys"][0], "crv": "P-521"}]},
        "client.yaml: keys.0.crv: input should be",
    ),
    "not bound": ({**REGISTRATION, "partner_id": None}, "client.yaml: partner_id: a client of this class"),
    "a key twice": ("name: a\nname: b\n", "client.yaml: line 2: name stands twice"),
    "an alias": ("name: &n a\nclient_id: *n\n", "client.yaml: line 2: no aliases here"),
    "an object": ("name: !!python/object:os.system a\n", "client.yaml: line 1:"),
    "no YAML": ("name: [\n", "client.yaml: line 2:"),
    "a list": ("- a\n", "client.yaml: keys and values"),
    "too long": ("name: " + "x" * 70_000, "client.yaml: keys and values"),
}


@pytest.mark.parametrize("name", BAD_FILES)
async def test_a_bad_file_is_told_with_its_place(people: People, address: str, tmp_path: Path, name: str) -> None:
    content, said = BAD_FILES[name]

    ran = await run("add", written(tmp_path, content), "--url", address)

    assert ran.exit_code == 1
    assert said in ran.output
    assert "secret" not in ran.output


async def test_nobody_at_the_address_and_no_file_are_told(tmp_path: Path) -> None:
    nobody = await run("list", "--url", "http://127.0.0.1:9")
    missing = await run("add", tmp_path / "missing.yaml", "--url", "http://127.0.0.1:9")

    assert (nobody.exit_code, "nothing answers" in nobody.output) == (2, True)
    assert (missing.exit_code, "a YAML file" in missing.output) == (1, True)

"""The keys that sign our machine tokens: one follows the other, and one that is gone is refused by whoever runs."""

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.command import keys
from gateway import signing
from gateway.signing import HEAD_START_SECONDS, OVERLAP_SECONDS, Keyring
from shared.settings import Settings
from tests.machines.machine import registered
from tests.people import People
from tests.waiting import eventually

NOW = 1_795_000_000


def kids(folder: Path, now: float) -> list[str]:
    return [each.key.kid for each in signing.listed(folder) if each.verifies(now)]


def signer(folder: Path, now: float) -> str | None:
    chosen = signing.signing(signing.listed(folder), now)
    return chosen.key.kid if chosen else None


def test_a_new_key_signs_after_all_have_seen_it_and_the_old_one_verifies_as_long_as_its_tokens_live(
    tmp_path: Path,
) -> None:
    signing.ensure(tmp_path, now=NOW)
    [first] = kids(tmp_path, NOW)
    second = signing.rotate(tmp_path, now=NOW + 100).kid
    begins = NOW + 100 + HEAD_START_SECONDS

    assert [signer(tmp_path, begins - 1), signer(tmp_path, begins)] == [first, second]
    assert kids(tmp_path, begins + OVERLAP_SECONDS - 1) == [first, second]
    assert kids(tmp_path, begins + OVERLAP_SECONDS) == [second]


def test_what_has_ended_is_taken_away_by_the_next_rotation(tmp_path: Path) -> None:
    signing.ensure(tmp_path, now=NOW)
    second = signing.rotate(tmp_path, now=NOW + 1).kid
    third = signing.rotate(tmp_path, now=NOW + 10_000).kid

    assert [each.key.kid for each in signing.listed(tmp_path)] == [second, third]


def test_a_first_key_is_made_once_and_signs_at_once(tmp_path: Path) -> None:
    signing.ensure(tmp_path, now=NOW)
    signing.ensure(tmp_path, now=NOW + 50)

    assert len(signing.listed(tmp_path)) == 1
    assert signer(tmp_path, NOW) is not None


def test_two_rotations_in_one_second_are_two_keys(tmp_path: Path) -> None:
    signing.ensure(tmp_path, now=NOW)

    assert signing.rotate(tmp_path, now=NOW + 1).kid != signing.rotate(tmp_path, now=NOW + 1).kid
    assert len(signing.listed(tmp_path)) == 3


@pytest.mark.parametrize("rotations", [0, 1, 2])
def test_after_an_emergency_a_new_key_signs_at_once_and_no_former_one_again(tmp_path: Path, rotations: int) -> None:
    signing.ensure(tmp_path, now=NOW)
    for number in range(rotations):
        signing.rotate(tmp_path, now=NOW + 10 * (number + 1))
    now = NOW + 100
    before = kids(tmp_path, now)
    gone = signer(tmp_path, now)

    assert gone is not None
    assert signing.remove(tmp_path, gone, now=now)
    assert signer(tmp_path, now) not in before
    assert kids(tmp_path, now)[:-1] == [kid for kid in before if kid != gone]
    assert not signing.remove(tmp_path, gone, now=now)


def test_private_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    signing.ensure(tmp_path / "signing", now=NOW)

    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "signing").glob("*.pem")} == {0}
    assert (tmp_path / "signing").stat().st_mode & 0o077 == 0


def test_a_running_process_sees_what_is_done_to_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "LOOK_EVERY_SECONDS", 0.0)
    lost: list[bool] = []
    signing.ensure(tmp_path, now=time.time() - 10)
    ring = Keyring(tmp_path, on_loss=lambda: lost.append(True))
    [first] = ring.publics()
    second = signing.rotate(tmp_path, now=time.time())

    seen = {key.kid for key in ring.publics()}
    signing.remove(tmp_path, first.kid, now=time.time())

    assert (seen, ring.public(first.kid), lost) == ({first.kid, second.kid}, None, [True])


@pytest.mark.usefixtures("empty")
async def test_a_token_of_a_removed_key_is_refused_within_five_seconds(people: People, settings: Settings) -> None:
    folder = signing.folder_of(settings)
    client = await (await registered(people)).enters(people.client)
    kid = signer(folder, time.time())
    before = await client.get("/partner/operations")
    assert kid is not None
    until = time.monotonic() + 5
    signing.remove(folder, kid, now=time.time())

    async def is_refused() -> bool:
        return (await client.get("/partner/operations")).status_code == 401

    await eventually(is_refused, seconds=5)
    assert time.monotonic() < until
    shown = (await people.client.get("/.well-known/jwks.json")).json()["keys"]
    assert before.status_code == 200
    assert kid not in {key["kid"] for key in shown}
    assert all("d" not in key for key in shown)


@pytest.mark.usefixtures("empty")
async def test_tokens_outlive_a_rotation(people: People, settings: Settings) -> None:
    machine = await registered(people)
    old = await machine.enters(people.client)
    rotated = signing.rotate(signing.folder_of(settings), now=time.time(), at_once=True)

    async def is_shown() -> bool:
        shown = (await people.client.get("/.well-known/jwks.json")).json()["keys"]
        return rotated.kid in {key["kid"] for key in shown}

    await eventually(is_shown, seconds=5)
    new = await machine.enters(people.client)
    assert [(await each.get("/partner/operations")).status_code for each in (old, new)] == [200, 200]


def run(*arguments: str) -> tuple[int, str]:
    ran = CliRunner().invoke(keys.application, list(arguments), env={"COLUMNS": "200"})
    return ran.exit_code, ran.output


def test_the_command_rotates_lists_and_removes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A22_SECRETS", raising=False)
    folder = tmp_path / "secrets" / "gateway" / "signing"
    data = ("--data", str(tmp_path))
    empty = run("list", *data)
    signing.ensure(folder, now=time.time() - 20)
    [first] = kids(folder, time.time())

    code, said = run("rotate", *data)
    second = said.split()[0]
    listed = run("list", *data)[1]
    removed, unknown = run("remove", first, *data), run("remove", "nothing", *data)

    assert (empty[0], code, removed[0], unknown[0]) == (2, 0, 0, 1)
    assert "signing keys" in empty[1]
    assert first in listed
    assert second in listed
    assert first not in {each.key.kid for each in signing.listed(folder)}
    assert len(kids(folder, time.time())) >= 1

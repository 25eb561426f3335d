"""What is done to the signing keys stands in the gateway's journal; a database that is away is in nobody's way, and is told."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner

from deploy.command import keys
from deploy.postgres.server import Server
from gateway import key_changes, signing
from gateway.key_changes import Act, Change
from tests.people import People
from tests.shapes import free_ports

WRITTEN = """
SELECT action, subject_id, actor, operation, payload::text AS payload FROM journal WHERE subject_id = ANY($1) UNION ALL
SELECT action, subject_id, actor, operation, payload::text FROM journal_queue WHERE subject_id = ANY($1)
"""
ADDED, REMOVED = "gateway.signing_key.added", "gateway.signing_key.removed"


async def run(*arguments: str) -> tuple[int, str]:
    ran = await asyncio.to_thread(CliRunner().invoke, keys.application, list(arguments), env={"COLUMNS": "200"})
    return ran.exit_code, ran.output


async def written(cluster: Server, *kids: str) -> list[dict[str, Any]]:
    owner = await asyncpg.connect(cluster.url("gateway_owner", "gateway"))
    try:
        return [dict(row) for row in await owner.fetch(WRITTEN, list(kids))]
    finally:
        await owner.close()


@pytest.fixture
def folder(cluster: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the keys of a host whose commands reach the gateway's database."""
    monkeypatch.setenv("A22_SECRETS", str(tmp_path / "secrets"))
    monkeypatch.setenv("A22_SERVICE_DATABASE_URL", cluster.url("gateway_app", "gateway"))
    kept = tmp_path / "secrets" / "gateway" / "signing"
    signing.ensure(kept, now=time.time() - 20)
    return kept


def kids(folder: Path) -> set[str]:
    return {each.key.kid for each in signing.listed(folder)}


@pytest.mark.usefixtures("people")
async def test_each_change_leaves_a_row_that_names_the_key_and_holds_nothing_of_it(
    cluster: Server, folder: Path
) -> None:
    [first] = kids(folder)
    rotated = await run("rotate")
    [second] = kids(folder) - {first}
    removed = await run("remove", second)
    [third] = kids(folder) - {first}

    rows = await written(cluster, first, second, third)

    assert [said.splitlines()[-1] for _, said in (rotated, removed)] == [keys.JOURNALED] * 2
    done = {(row["action"], row["subject_id"]) for row in rows}
    assert done == {(ADDED, second), (REMOVED, second), (ADDED, third)}
    assert {(row["actor"], row["operation"]) for row in rows} == {("gateway-service", "change_signing_keys")}
    assert {tuple(json.loads(row["payload"])) for row in rows} == {("done_at",)}
    assert key_changes.noted(folder) == []


async def test_a_removal_waits_for_no_database_is_told_and_is_written_down_later(
    people: People, cluster: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first], [port] = kids(folder), free_ports(1)
    monkeypatch.setenv("A22_SERVICE_DATABASE_URL", f"postgresql://gateway_app@127.0.0.1:{port}/gateway")

    code, said = await run("remove", first)

    assert (code, first in kids(folder)) == (0, False)
    assert "NOT in the journal yet" in said
    assert await written(cluster, first) == []
    monkeypatch.setenv("A22_SERVICE_DATABASE_URL", cluster.url("gateway_app", "gateway"))
    assert keys.JOURNALED in (await run("list"))[1]
    assert [row["action"] for row in await written(cluster, first)] == [REMOVED]
    assert keys.JOURNALED not in (await run("list"))[1]


async def test_where_not_even_a_note_can_be_left_that_is_said_and_the_key_is_gone(folder: Path) -> None:
    [first] = kids(folder)
    (folder / key_changes.NOTES).write_text("in the way", encoding="utf-8")

    code, said = await run("remove", first)

    assert (code, first in kids(folder)) == (0, False)
    assert "no note could be left either" in said


def test_notes_are_read_in_order_and_what_is_no_note_is_passed_over(tmp_path: Path) -> None:
    changes = [Change(Act.REMOVED, "one", 7), Change(Act.ADDED, "two", 8), Change(Act.REMOVED, "three", 9)]
    for change in (changes[2], changes[0], changes[1]):
        key_changes.note(tmp_path, change)
    for name, text in (("a.json", "{"), ("b.json", '{"act": "king", "kid": "x", "at": 1}'), ("c.json", "[]")):
        (tmp_path / key_changes.NOTES / name).write_text(text, encoding="utf-8")

    assert [change for _, change in key_changes.noted(tmp_path)] == changes
    assert {path.stat().st_mode & 0o077 for path, _ in key_changes.noted(tmp_path)} == {0}

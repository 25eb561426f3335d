"""`./a22 verify --journal` on real databases: what a superuser does to a journal is named, with its row."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from deploy import setup
from deploy.assembly import service_key
from deploy.command import verify
from deploy.postgres.server import Server, server
from shared.caller import Caller
from shared.chain import BEGINNING, CHAIN, Head, digest
from shared.db import Database
from shared.heads import HeadFile, SignedHead
from shared.identity import SigningKey
from shared.journal import Event, Sealer
from shared.settings import DATABASES, Settings

STAFF = Caller(subject=str(uuid4()), audience_class="npm", roles=frozenset({"staff"}), client_id="tests")
ROWS = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("verified")


@pytest.fixture(scope="module")
def settings(folder: Path) -> Settings:
    return Settings(environment="test", secrets=folder / "secrets", public_keys=folder / "public-keys")


@pytest.fixture(scope="module")
def running(folder: Path, settings: Settings) -> Iterator[Server]:
    """Run a PostgreSQL of its own with a journal of some rows and the head that the sealer kept of it."""
    with server(folder) as started:
        asyncio.run(setup.prepare(started, settings))
        asyncio.run(_written(started, settings))
        yield started


@pytest.fixture(autouse=True)
def _named(monkeypatch: pytest.MonkeyPatch, settings: Settings, running: Server) -> Iterator[None]:
    """Let the command find its keys, and put the journal and its heads back afterwards."""
    monkeypatch.setenv("A22_SECRETS", str(settings.secrets))
    monkeypatch.setenv("A22_PUBLIC_KEYS", str(settings.public_keys))
    monkeypatch.setenv("A22_BASE_URL", settings.base_url)
    kept = heads_of(settings).read_text()
    asyncio.run(as_superuser(running, "CREATE TABLE kept AS SELECT * FROM journal"))
    yield
    heads_of(settings).write_text(kept)
    asyncio.run(as_superuser(running, "TRUNCATE journal", "INSERT INTO journal SELECT * FROM kept", "DROP TABLE kept"))


async def _written(running: Server, settings: Settings) -> None:
    database = Database(running.url("visits_app", "visits"), service="visits", pool_size=2)
    heads = HeadFile(settings.heads_folder, "visits", service_key(settings, "visits"))
    sealer = Sealer(database, heads=heads)
    for number in range(ROWS):
        async with database.work(STAFF) as work:
            work.record(Event("visits.test.written", uuid4(), {"number": number}))
    await sealer.seal()
    sealer.start()
    await sealer.stop()
    await database.close()


def heads_of(settings: Settings) -> Path:
    return settings.heads_folder / "visits.jsonl"


async def as_superuser(running: Server, *statements: str) -> None:
    connection = await asyncpg.connect(running.admin_url, database="visits")
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def verified(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(verify.application, ["--journal", "--data", str(folder), *more])


def identity(running: Server, seq: int) -> str:
    async def read() -> str:
        connection = await asyncpg.connect(running.admin_url, database="visits")
        found: str = await connection.fetchval("SELECT id::text FROM journal WHERE seq = $1", seq)
        await connection.close()
        return found

    return asyncio.run(read())


def test_whole_journals_are_counted_and_compared_with_the_heads_that_were_kept(folder: Path) -> None:
    run = verified(folder)

    assert run.exit_code == 0, run.output
    assert f"visits: whole, {ROWS} rows, head " in run.stdout
    assert "compared with 1 signed heads" in run.stdout
    assert all(f"{name}: whole, 0 rows" in run.stdout for name in DATABASES if name != "visits")


@pytest.mark.parametrize(
    ("statements", "kind", "seq"),
    [
        (["UPDATE journal SET actor = 'somebody' WHERE seq = 5"], "altered", 5),
        (["UPDATE journal SET leaves = NOT leaves WHERE seq = 5"], "altered", 5),
        (["DELETE FROM journal WHERE seq = 5"], "deleted", 5),
        (["DELETE FROM journal WHERE seq = 1"], "deleted", 1),
        (["DELETE FROM journal WHERE seq > 9"], "cut", 10),
        (["TRUNCATE journal"], "cut", 1),
        (
            [
                "UPDATE journal SET seq = -seq WHERE seq IN (5, 7)",
                "UPDATE journal SET seq = CASE seq WHEN -5 THEN 7 ELSE 5 END WHERE seq < 0",
            ],
            "reordered",
            5,
        ),
        (
            [
                "UPDATE journal SET seq = -seq WHERE seq >= 5",
                "UPDATE journal SET seq = 1 - seq WHERE seq < 0",
                "INSERT INTO journal SELECT 5, gen_random_uuid(), queued_at, occurred_on, actor, audience, person, client, operation, "
                "action, subject_id, confidentiality, leaves, payload, hash, journal_digest(hash, 5, id, queued_at, occurred_on, actor, "
                "audience, person, client, operation, action, subject_id, confidentiality, leaves, payload::text) FROM journal WHERE seq = 4",
            ],
            "altered",
            5,
        ),
    ],
)  # fmt: skip
def test_what_a_superuser_does_to_a_row_is_named(
    folder: Path, running: Server, statements: list[str], kind: str, seq: int
) -> None:
    asyncio.run(as_superuser(running, *statements))

    run = verified(folder)

    assert run.exit_code == 1, run.output
    assert f"visits: {kind}, row {seq}" in run.stderr
    if kind in ("altered", "reordered"):
        assert f"row {seq} (id {identity(running, seq)})" in run.stderr
    assert "complaints: whole" in run.stdout


def test_a_row_put_in_with_a_fitting_hash_is_named(folder: Path, running: Server) -> None:
    """The one who puts it in computes its hash as the sealer would, and moves what follows up."""
    asyncio.run(_put_in(running))

    run = verified(folder)

    assert run.exit_code == 1
    # the row put in fits; what was sealed as row 5 now stands as row 6
    assert "visits: reordered, row 6" in run.stderr


def test_a_chain_written_anew_as_a_whole_shows_against_the_kept_head(
    folder: Path, running: Server, settings: Settings
) -> None:
    asyncio.run(as_superuser(running, "UPDATE journal SET actor = 'somebody else' WHERE seq = 3"))
    asyncio.run(_anew(running))

    run = verified(folder)
    heads_of(settings).write_text("")
    without = verified(folder)

    assert run.exit_code == 1
    assert f"visits: altered, row {ROWS} " in run.stderr
    assert "the chain was written anew" in run.stderr
    # the control: nothing but the head outside shows it
    assert without.exit_code == 0
    assert "no signed head yet" in without.stdout


def test_a_forged_head_is_found_and_proves_nothing(folder: Path, settings: Settings, tmp_path: Path) -> None:
    own = json.loads(heads_of(settings).read_text().splitlines()[0])
    stranger = SigningKey.kept_in(tmp_path, "stranger")
    forged = [
        SignedHead.of("visits", Head(ROWS, b"x" * 32), stranger).line(),
        json.dumps({**own, "seq": own["seq"] + 1}),
        SignedHead.of("complaints", Head(3, b"x" * 32), service_key(settings, "visits")).line(),
        "not a head",
        json.dumps({**own, "signed": ""}),
    ]
    with heads_of(settings).open("a") as file:
        file.writelines(f"{line}\n" for line in forged)

    run = verified(folder)

    assert run.exit_code == 1
    assert [f"line {number} of visits.jsonl" in run.stderr for number in range(2, 7)] == [True] * 5
    assert "cut, row" not in run.stderr


def test_what_a_crash_left_of_a_line_is_no_forgery(folder: Path, settings: Settings) -> None:
    with heads_of(settings).open("a") as file:
        file.write('{"service": "visits", "se')

    assert verified(folder).exit_code == 0


def test_an_exported_head_that_was_carried_away_shows_a_cut_end(
    folder: Path, running: Server, settings: Settings, tmp_path: Path
) -> None:
    exported = [line for line in verified(folder, "--export").stdout.splitlines() if line.startswith("{")]
    elsewhere = tmp_path / "carried.jsonl"
    elsewhere.write_text("".join(f"{line}\n" for line in exported))
    heads_of(settings).unlink()
    asyncio.run(as_superuser(running, f"DELETE FROM journal WHERE seq = {ROWS}"))

    alone = verified(folder)
    compared = verified(folder, "--heads", str(elsewhere))
    heads_of(settings).touch()

    assert alone.exit_code == 0
    assert compared.exit_code == 1
    assert f"visits: cut, row {ROWS}: rows {ROWS} to {ROWS} were cut from the end" in compared.stderr


def test_a_folder_without_a_system_is_left_alone(tmp_path: Path) -> None:
    run = verified(tmp_path / "nothing")

    assert run.exit_code == 2
    assert not (tmp_path / "nothing").exists()


def test_without_saying_what_nothing_is_verified() -> None:
    assert CliRunner().invoke(verify.application, []).exit_code == 2


async def _put_in(running: Server) -> None:
    connection = await asyncpg.connect(running.admin_url, database="visits")
    try:
        before = dict((await connection.fetch(CHAIN, 3, 1))[0])
        await connection.execute("UPDATE journal SET seq = -seq WHERE seq >= 5")
        await connection.execute("UPDATE journal SET seq = 1 - seq WHERE seq < 0")
        copied = "SELECT 5, $1, queued_at, occurred_on, actor, audience, person, client, operation, action, subject_id, confidentiality, leaves, payload, $2, $3 FROM journal WHERE seq = 4"
        made = {**before, "id": uuid4()}
        fitting = digest(made, seq=5, before=before["hash"])
        await connection.execute(f"INSERT INTO journal {copied}", made["id"], before["hash"], fitting)
    finally:
        await connection.close()


async def _anew(running: Server) -> None:
    """Compute every hash anew, as somebody who owns the database can."""
    connection = await asyncpg.connect(running.admin_url, database="visits")
    try:
        last = BEGINNING
        for row in await connection.fetch(CHAIN, 0, 1000):
            made = digest(row, seq=row["seq"], before=last)
            await connection.execute(
                "UPDATE journal SET prev_hash = $2, hash = $3 WHERE seq = $1", row["seq"], last, made
            )
            last = made
    finally:
        await connection.close()

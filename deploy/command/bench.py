"""`./a22 bench`: the figures as ratios of one interleaved run, as a table. Never part of the tests."""

import asyncio
import json
import platform
import statistics
import tempfile
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from deploy import setup
from deploy.bench import load
from deploy.bench.load import Measured, Target
from deploy.bench.system import FILL, Running, running, token
from deploy.command.application import new_application
from deploy.postgres.server import Server, server
from shared.settings import Settings

application = new_application()

GATEWAY_PORT, BARE_PORT = 8351, 8352
PLENTY = {f"A22_LIMIT_{name}_REQUESTS_PER_SECOND": "1000000" for name in ("PERSON", "PUBLIC", "MACHINE")}
ROWS = 50_000


@application.command()
def bench(
    *,
    seconds: Annotated[float, typer.Option(help="Length of each measurement.")] = 3,
    rounds: Annotated[int, typer.Option(help="Interleaved rounds; the median counts.")] = 5,
) -> None:
    """Measure list, read, create, start and memory against the bare limit on the same SQL, role and bytes."""
    with tempfile.TemporaryDirectory() as folder, server(Path(folder) / "data") as database:
        settings = Settings(secrets=Path(folder) / "secrets", public_keys=Path(folder) / "keys")
        asyncio.run(_prepare(database, settings))
        environment = {
            **PLENTY,
            "A22_BASE_URL": f"http://127.0.0.1:{GATEWAY_PORT}",
            "A22_SECRETS": str(settings.secrets),
            "A22_PUBLIC_KEYS": str(settings.public_keys),
            "A22_DATABASE_URLS": json.dumps(setup.app_urls(database)),
        }
        bare = {"A22_SERVICE_DATABASE_URL": database.url("visits_app", "visits"), "A22_BENCH_PORT": str(BARE_PORT)}
        command = ["-m", "deploy.serve", "all", "--port", str(GATEWAY_PORT)]
        with (
            running(command, GATEWAY_PORT, environment) as first,
            running(["-m", "deploy.bench.bare"], BARE_PORT, bare, path="/places"),
        ):
            idle = first.resident_megabytes()
            place_id = asyncio.run(_some_place(database))
            _same_bytes(place_id)
            rows = _measured(place_id, seconds, rounds)
            _print(database, rows, first, idle)


async def _prepare(database: Server, settings: Settings) -> None:
    await setup.prepare(database, settings)
    connection = await asyncpg.connect(database.url("visits_owner", "visits"))
    await connection.execute(FILL, 1, ROWS)
    await connection.execute("ANALYZE")
    await connection.close()


async def _some_place(database: Server) -> str:
    connection = await asyncpg.connect(database.url("visits_owner", "visits"))
    place_id = await connection.fetchval("SELECT id::text FROM place WHERE code = 'BENCH-25000'")
    await connection.close()
    return str(place_id)


def _targets(place_id: str) -> dict[str, tuple[Target, Target]]:
    staff = token(GATEWAY_PORT, "staff")
    listed = "/v1/npm/places?place_type=prison&sort=name"
    return {
        "list 50 of 50,000, filtered and sorted": (
            Target(GATEWAY_PORT, "GET", listed, staff),
            Target(BARE_PORT, "GET", "/places"),
        ),
        "read one": (
            Target(GATEWAY_PORT, "GET", f"/v1/npm/places/{place_id}", staff),
            Target(BARE_PORT, "GET", f"/places/{place_id}"),
        ),
        "create one, with journal": (
            Target(GATEWAY_PORT, "POST", "/v1/npm/places", staff, creates=True),
            Target(BARE_PORT, "POST", "/places", creates=True),
        ),
    }


def _same_bytes(place_id: str) -> None:
    """Insist that both answer the same bytes; the cursor is the only thing that the limit does not make."""
    for name, (ours, limit) in _targets(place_id).items():
        if ours.creates:
            continue
        first, second = (asyncio.run(load.read(target))[1] for target in (ours, limit))
        shown = [json.loads(body) for body in (first, second)]
        for each in shown:
            each.pop("next_cursor", None)
        if shown[0] != shown[1] or len(first.split(b',"next_cursor"')[0]) != len(second.split(b',"next_cursor"')[0]):
            raise RuntimeError(f"{name}: the two do not answer the same bytes")


def _measured(place_id: str, seconds: float, rounds: int) -> list[tuple[str, list[Measured], list[Measured]]]:
    found = []
    for name in _targets(place_id):
        ours, limit = [], []
        for _ in range(rounds):
            pair = _targets(place_id)[name]
            ours.append(asyncio.run(load.measure(pair[0], seconds=seconds)))
            limit.append(asyncio.run(load.measure(pair[1], seconds=seconds)))
        found.append((name, ours, limit))
    return found


def _print(
    database: Server, rows: list[tuple[str, list[Measured], list[Measured]]], first: Running, idle: float
) -> None:
    typer.echo(
        f"\nPython {platform.python_version()}, PostgreSQL {database.version}, {platform.machine()}, 16 connections, medians\n"
    )
    typer.echo("| what | ratio to the bare limit | of rounds | requests a second | p99 ms |")
    typer.echo("|---|---|---|---|---|")
    for name, ours, limit in rows:
        ratios = [a.rate / b.rate for a, b in zip(ours, limit, strict=True)]
        rate = statistics.median(each.rate for each in ours)
        p99 = statistics.median(each.p99 for each in ours) * 1000
        typer.echo(
            f"| {name} | {statistics.median(ratios):.2f} | {min(ratios):.2f} to {max(ratios):.2f} | {rate:.0f} | {p99:.0f} |"
        )
    typer.echo(f"| start of the serving process to ready | - | - | {first.seconds_to_ready:.1f} s | - |")
    typer.echo(f"| resident memory, idle, without PostgreSQL | - | - | {idle:.0f} MB | - |")
    typer.echo(f"| resident memory after the load | - | - | {first.resident_megabytes():.0f} MB | - |")

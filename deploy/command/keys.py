"""`./a22 keys`: the keys that sign our machine tokens, in their folder. Running processes look there once a second.

What is done is journaled by the gateway's database right after; a database that is away is in nobody's way.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from deploy.command.application import new_application
from deploy.command.checkout import home
from deploy.postgres.refusal import ClusterRefused
from deploy.postgres.visiting import visited
from gateway import key_changes, signing
from gateway.key_changes import Act, Change
from shared.db import Database
from shared.errors import AppError
from shared.settings import Settings

Data = Annotated[Path | None, typer.Option(help="Folder of the data, as of `./a22 up`; A22_SECRETS says it too.")]

#: Longer than the pool needs to find out that a database does not answer.
LONGEST_SECONDS = 15
JOURNALED = "the gateway's journal has it"
NOTED = "NOT in the journal yet ({}): it is noted beside the keys, and the next ./a22 keys command writes it down"
LOST = "NOT in the journal, and no note could be left either ({}): write it down yourself"

application = new_application(help="Signing keys of machine tokens.", no_args_is_help=True)


@application.command(name="list")
def list_(*, data: Data = None) -> None:
    """List the signing keys, the one that signs now with a mark."""
    folder, now = _folder(data), time.time()
    kept = signing.listed(folder)
    signs = signing.signing(kept, now)
    table = Table(Column("kid", no_wrap=True), "signs from", "verifies until", "")
    for each in kept:
        state = "signs" if each is signs else ("waits" if each.signs_from > now else "verifies")
        until = _shown(each.until) if each.until is not None else "-"
        table.add_row(each.key.kid, _shown(each.signs_from), until, state if each.verifies(now) else "ended")
    Console().print(table)
    if key_changes.noted(folder):
        _journal(data)


@application.command()
def rotate(*, data: Data = None) -> None:
    """Add a key that signs in a few seconds; the present one verifies until the last of its tokens has ended."""
    made = signing.rotate(_folder(data), now=time.time())
    typer.echo(
        f"{made.kid} signs in {signing.HEAD_START_SECONDS} s; the one before verifies {signing.OVERLAP_SECONDS} s longer"
    )
    _journal(data, Change(Act.ADDED, made.kid, int(time.time())))


@application.command()
def remove(kid: Annotated[str, typer.Argument(help="As `list` shows it.")], *, data: Data = None) -> None:
    """In an emergency: take a key away at once, database or not. No token that it signed is taken any longer."""
    folder = _folder(data)
    before = _kids(folder)
    if not signing.remove(folder, kid, now=time.time()):
        typer.echo(f"there is no key {kid}; see ./a22 keys list", err=True)
        raise typer.Exit(1)
    typer.echo(f"{kid} is gone; running processes refuse its tokens within {signing.LOOK_EVERY_SECONDS:.0f} s")
    at = int(time.time())
    added = [Change(Act.ADDED, new, at) for new in sorted(_kids(folder) - before)]
    _journal(data, Change(Act.REMOVED, kid, at), *added)


def _kids(folder: Path) -> set[str]:
    return {each.key.kid for each in signing.listed(folder)}


def _journal(data: Path | None, *changes: Change) -> None:
    """Note what was done and journal all that is noted; says what could not be written, and fails nothing that is done."""
    folder = _folder(data)
    try:
        for change in changes:
            key_changes.note(folder, change)
    except OSError as error:
        typer.echo(LOST.format(type(error).__name__), err=True)
        return
    try:
        with _database_url(data) as url:
            asyncio.run(journaled(url, folder))
    except (AppError, ClusterRefused, KeyError, OSError) as error:
        # the driver's message may repeat the URL, password included
        typer.echo(NOTED.format(str(error) if isinstance(error, ClusterRefused) else type(error).__name__), err=True)
        return
    typer.echo(JOURNALED)


async def journaled(url: str, folder: Path) -> int:
    """Journal what is noted in a folder of keys; gives how many changes. AppError or TimeoutError leaves the notes."""
    database = Database(url, service="gateway", pool_size=1)
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            return await key_changes.journal(database, folder)
    finally:
        await database.close()


@contextmanager
def _database_url(data: Path | None) -> Iterator[str]:
    """Give the address of the gateway's database: of the environment, as in its container, else of the data folder."""
    if data is None and (url := os.environ.get("A22_SERVICE_DATABASE_URL")):
        yield url
        return
    with visited((data or home() / ".a22" / "data").absolute()) as running:
        yield running.url("gateway_app", "gateway")


def _folder(data: Path | None) -> Path:
    """Find the folder of the keys; one that holds none is most likely not the one that was meant."""
    if "A22_SECRETS" in os.environ and data is None:
        settings = Settings()
    else:
        settings = Settings(secrets=(data or home() / ".a22" / "data").absolute() / "secrets")
    folder = signing.folder_of(settings)
    if not signing.listed(folder):
        typer.echo(f"there are no signing keys in {folder}; ./a22 up makes the first", err=True)
        raise typer.Exit(2)
    return folder


def _shown(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

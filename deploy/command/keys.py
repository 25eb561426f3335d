"""`./a22 keys`: the keys that sign our machine tokens, in their folder. Running processes look there once a second."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from deploy.command.application import new_application
from deploy.command.checkout import home
from gateway import signing
from shared.settings import Settings

Data = Annotated[Path | None, typer.Option(help="Folder of the data, as of `./a22 up`; A22_SECRETS says it too.")]

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


@application.command()
def rotate(*, data: Data = None) -> None:
    """Add a key that signs in a few seconds; the present one verifies until the last of its tokens has ended."""
    made = signing.rotate(_folder(data), now=time.time())
    typer.echo(
        f"{made.kid} signs in {signing.HEAD_START_SECONDS} s; the one before verifies {signing.OVERLAP_SECONDS} s longer"
    )


@application.command()
def remove(kid: Annotated[str, typer.Argument(help="As `list` shows it.")], *, data: Data = None) -> None:
    """In an emergency: take a key away at once. No token that it signed is taken any longer."""
    if not signing.remove(_folder(data), kid, now=time.time()):
        typer.echo(f"there is no key {kid}; see ./a22 keys list", err=True)
        raise typer.Exit(1)
    typer.echo(f"{kid} is gone; running processes refuse its tokens within {signing.LOOK_EVERY_SECONDS:.0f} s")


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

"""`./a22 import KIND FILE`: brings somebody's file in through the API. It knows no table and no shortcut past the API."""

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.command.application import new_application
from deploy.command.target import Url, asked
from deploy.imports import mapping as mappings
from deploy.imports import report, rows, sending
from deploy.imports.mapping import Mapping
from deploy.imports.problems import FileRefused
from deploy.imports.rows import Mapped
from deploy.imports.sending import Order, Outcome, Refused

PERSONA = "head"
#: A token of the development issuer lives 300 s.
SECONDS_PER_TOKEN = 200

application = new_application()


@application.command()
def import_(
    kind: Annotated[str, typer.Argument(help="places, place-aliases, authorities or visits.")],
    file: Annotated[Path, typer.Argument(help="A CSV or JSON Lines file.")],
    *,
    mapping: Annotated[
        str | None,
        typer.Option(help="Name of a mapping, or the path of your own; found by the file's name unless said."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; nothing is kept.")] = False,
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="Keep nothing when a row is wrong.")] = False,
    report_file: Annotated[Path | None, typer.Option("--report", help="Write the report there too, as JSON.")] = None,
    url: Url = "http://127.0.0.1:8000",
) -> None:
    """Bring a file in: every row is taken or reported with line, column and what was expected.

    The token is A22_TOKEN, with step-up; in development one of the persona head is asked for.
    """
    order = Order(dry_run=dry_run, all_or_nothing=all_or_nothing)
    chosen = _chosen(kind, file, mapping)
    try:
        mapped = rows.mapped(file, chosen)
    except FileRefused as refused:
        typer.echo(f"{refused.problem.sentence(file.name)}; nothing was taken", err=True)
        raise typer.Exit(1) from None
    try:
        outcome = asyncio.run(_sent(url, mapped, order))
    except Refused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
    for problem in outcome.problems:
        typer.echo(problem.sentence(file.name), err=True)
    if report_file is not None:
        report.write(report_file, file.name, chosen, outcome, order)
    typer.echo(report.last_line(outcome, order))
    raise typer.Exit(0 if outcome.is_whole else 1)


def _chosen(kind: str, file: Path, named: str | None) -> Mapping:
    if kind not in mappings.KINDS:
        raise typer.BadParameter(f"{kind} cannot be imported; there are {', '.join(mappings.KINDS)}")
    name = named or mappings.for_file(file, kind)
    if name is None:
        raise typer.BadParameter(f"name a mapping with --mapping: {', '.join(mappings.shipped())}, or your own file")
    try:
        found = mappings.load(name)
    except FileRefused as refused:
        raise typer.BadParameter(refused.problem.expected) from None
    if found.kind != kind:
        raise typer.BadParameter(f"the mapping {found.name} makes {found.kind}, not {kind}")
    return found


class _Token:
    """A bearer token that is renewed before it ends."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.given = os.environ.get("A22_TOKEN", "")
        self.is_ours = bool(self.given)
        self.until = 0.0

    async def __call__(self) -> str:
        if not self.is_ours and time.monotonic() > self.until:
            with httpx.Client(base_url=self.url, timeout=10) as client:
                self.given = asked(client, PERSONA, step_up=True)
            self.until = time.monotonic() + SECONDS_PER_TOKEN
        return self.given


async def _sent(url: str, mapped: Mapped, order: Order) -> Outcome:
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    async with httpx.AsyncClient(base_url=url) as client:
        with Progress(*bar, console=console, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task(mapped.mapping.kind, total=len(mapped.ready))
            return await sending.send(
                client, _Token(url), mapped, order, advance=lambda count: progress.advance(task, count)
            )

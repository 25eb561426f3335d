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
from deploy.imports import reports, sending, shipped
from deploy.imports.sending import Order, Outcome, Refused
from shared.imports.mapping import KINDS, Mapping
from shared.imports.problems import FileRefused
from shared.imports.report import asked as waiting_lines
from shared.imports.report import last_line

PERSONA = "head"
#: A token of the development issuer lives 300 s.
SECONDS_PER_TOKEN = 200

application = new_application()


@application.command()
def import_(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(KINDS)}.")],
    file: Annotated[Path, typer.Argument(help="A CSV, JSON Lines or XLSX file.")],
    *,
    mapping: Annotated[
        str | None,
        typer.Option(help="Name of a mapping, or the path of your own; found by the file's name unless said."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; nothing is kept.")] = False,
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="Keep nothing when a row is wrong.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(help="Write the report there too: .json, .txt, or .xlsx with a comment on each bad cell."),
    ] = None,
    url: Url = "http://127.0.0.1:8000",
) -> None:
    """Bring a file in: every row is taken or reported with line, column and what was expected.

    The system goes on by itself once it has the file; this command looks on. The token is A22_TOKEN, with step-up; in
    development one of the persona head is asked for.
    """
    order = Order(dry_run=dry_run, all_or_nothing=all_or_nothing)
    chosen = _chosen(kind, file, mapping)
    if report is not None and report.suffix not in reports.SUFFIXES:
        raise typer.BadParameter(f"a report ends in {', '.join(reports.SUFFIXES)}")
    try:
        outcome = asyncio.run(_sent(url, file, chosen, order))
    except FileRefused as refused:
        typer.echo(f"{refused.problem.sentence(file.name)}; nothing was taken", err=True)
        raise typer.Exit(1) from None
    except Refused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
    for problem in outcome.problems:
        typer.echo(problem.sentence(file.name), err=True)
    if report is not None:
        reports.write(report, outcome.report, file, chosen)
    for line in (last_line(outcome.report), *waiting_lines(outcome.report, kind)):
        typer.echo(line)
    raise typer.Exit(0 if outcome.is_whole else 1)


def _chosen(kind: str, file: Path, named: str | None) -> Mapping:
    if kind not in KINDS:
        raise typer.BadParameter(f"{kind} cannot be imported; there are {', '.join(KINDS)}")
    name = named or shipped.for_file(file, kind)
    if name is None:
        raise typer.BadParameter(f"name a mapping with --mapping: {', '.join(shipped.names())}, or your own file")
    try:
        found = shipped.load(name)
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


async def _sent(url: str, file: Path, mapping: Mapping, order: Order) -> Outcome:
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    async with httpx.AsyncClient(base_url=url) as client:
        with Progress(*bar, console=console, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task(mapping.kind, total=None)
            return await sending.send(
                client, _Token(url), file, mapping, order,
                advance=lambda done, total: progress.update(task, completed=done, total=total),
            )  # fmt: skip

"""`python -m deploy.partner.push FILE`: the partner's side of the story. A second run sends nothing twice into the system."""

import asyncio
import os
import time
from itertools import islice
from pathlib import Path
from typing import Annotated

import httpx
import typer

from deploy.partner.client import Pushed, State, Stopped, push
from deploy.partner.records import NotRecords, labels, records

#: A token of the development issuer lives 300 s.
SECONDS_PER_TOKEN = 200
TELL_EVERY = 500
application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Token:
    """The partner's bearer token: A22_TOKEN, or one of the development issuer, renewed before it ends."""

    def __init__(self, client: httpx.AsyncClient, persona: str) -> None:
        """Ask `client` for tokens of `persona`."""
        self.client = client
        self.persona = persona
        self.given = os.environ.get("A22_TOKEN", "")
        self.is_fixed = bool(self.given)
        self.until = 0.0

    async def __call__(self) -> str:
        """Give a token that is still good."""
        if not self.is_fixed and time.monotonic() > self.until:
            try:
                answer = await self.client.post("/development/tokens", json={"persona": self.persona})
            except httpx.TransportError:
                raise Stopped(f"nothing answers at {self.client.base_url}") from None
            if answer.status_code != 200:
                raise Stopped(f"no token was given ({answer.status_code}); set A22_TOKEN outside development")
            self.given = answer.json()["token"]
            self.until = time.monotonic() + SECONDS_PER_TOKEN
        return self.given


@application.command()
def main(
    file: Annotated[Path, typer.Argument(help="The records: NY_UniqueComplaintsEnriched.csv.")],
    *,
    codes: Annotated[Path | None, typer.Option(help="Folder of the code tables; the file's own unless said.")] = None,
    url: Annotated[
        str, typer.Option(envvar="A22_URL", help="Address of the running system.")
    ] = "http://127.0.0.1:8000",
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many records.")] = None,
    state: Annotated[Path | None, typer.Option(help="File that keeps what is in; skips it next time.")] = None,
    persona: Annotated[str, typer.Option(help="Whose token, in development.")] = "partner",
) -> None:
    """Push grievance records one by one as complaint referrals, and count what became of them."""
    try:
        pushed = asyncio.run(_pushed(file, codes or file.parent, url, limit, state, persona))
    except (OSError, ValueError, NotRecords) as error:
        typer.echo(f"cannot read the records: {error}", err=True)
        raise typer.Exit(1) from None
    except Stopped as stopped:
        typer.echo(f"{stopped}; start again to go on", err=True)
        raise typer.Exit(2) from None
    for problem in pushed.problems:
        typer.echo(f"{file.name}, {problem}", err=True)
    typer.echo(summary(pushed))
    raise typer.Exit(1 if pushed.counts["refused"] else 0)


def summary(pushed: Pushed) -> str:
    """Count on one line."""
    counts = pushed.counts
    kinds = ("made", "same", "changed", "skipped", "refused")
    return f"{counts.total()} records: {', '.join(f'{counts[kind]} {kind}' for kind in kinds)}"


async def _pushed(file: Path, codes: Path, url: str, limit: int | None, state: Path | None, persona: str) -> Pushed:
    def told(pushed: Pushed) -> None:
        if pushed.counts.total() % TELL_EVERY == 0:
            typer.echo(summary(pushed), err=True)

    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        found = islice(records(file, labels(codes)), limit)
        return await push(client, Token(client, persona), found, State(state), told=told)


if __name__ == "__main__":
    application(prog_name="push")

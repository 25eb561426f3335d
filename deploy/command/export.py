"""`./a22 export KIND`: takes a list out of the running system as a file, through the API. It knows no table and no shortcut past it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.command.application import new_application
from deploy.command.target import Url, asked
from shared.exports.media import MEDIA_TYPES, Format

PERSONA = "head"
#: The first byte of a workbook comes when all of it is made.
SECONDS_TO_BEGIN = 600

application = new_application()


class Audience(StrEnum):
    """Whose lists there are, with a token of A22_TOKEN or, for the public, without."""

    NPM = "npm"
    AUTHORITY = "authority"
    PARTNER = "partner"
    PUBLIC = "public"


class Refused(Exception):
    """The list could not be taken out; the message says why."""


@application.command()
def export(
    kind: Annotated[str, typer.Argument(help="The list: places, authorities, recommendations, visits/ID/findings …")],
    *,
    form: Annotated[Format | None, typer.Option("--format", help="By the name of the file, else csv.")] = None,
    output: Annotated[Path | None, typer.Option("--output", help="The file; KIND and the format unless said.")] = None,
    narrowed: Annotated[
        list[str] | None, typer.Option("--filter", help="NAME=VALUE, as on the list; again for more.")
    ] = None,
    excel: Annotated[bool, typer.Option("--excel", help="A CSV that Excel opens as UTF-8.")] = False,
    audience: Annotated[Audience, typer.Option("--audience", help="Whose list.")] = Audience.NPM,
    url: Url = "http://127.0.0.1:8000",
) -> None:
    """Take a whole list out as CSV, XLSX or JSON Lines: what the caller may read, in the order of the list.

    The token is A22_TOKEN, with step-up for the NPM; in development one of the persona head is asked for. The file appears
    when it is whole; what was there before is kept until then.
    """
    chosen = form or _form_of(output)
    file = output or Path(f"{kind.rpartition('/')[2]}.{chosen.value}")
    accept = MEDIA_TYPES[chosen] + ("; bom=true" if excel and chosen is Format.CSV else "")
    path = f"/v1/{audience.value}/{kind.strip('/')}"
    try:
        with httpx.Client(base_url=url, timeout=httpx.Timeout(30, read=SECONDS_TO_BEGIN)) as client:
            headers = {"Accept": accept, **_authorization(client, audience)}
            written = fetched(client, path, file, headers=headers, query=_query(narrowed or []))
    except Refused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{file}: {written} bytes")


def fetched(
    client: httpx.Client, path: str, file: Path, *, headers: dict[str, str], query: list[tuple[str, str]]
) -> int:
    """Write the answer of a list to a file that appears only when it is whole; gives its bytes, or raises Refused."""
    try:
        with (
            client.stream("GET", path, params=httpx.QueryParams(tuple(query)), headers=headers) as answer,
            _appearing(file) as unfinished,
        ):
            if answer.status_code != 200:
                answer.read()
                raise Refused(_reason(answer))
            return _written(answer, unfinished)
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.ReadTimeout):
        raise Refused("the export broke off; nothing was written") from None
    except httpx.HTTPError:
        raise Refused(f"nothing answers at {client.base_url}; start it with ./a22 up") from None
    except OSError as error:
        raise Refused(f"{file} cannot be written ({error.strerror})") from None


def _written(answer: httpx.Response, unfinished: IO[bytes]) -> int:
    written = 0
    columns = (TextColumn("{task.description}"), DownloadColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("export", total=int(answer.headers.get("Content-Length", 0)) or None)
        for chunk in answer.iter_bytes():
            unfinished.write(chunk)
            written += len(chunk)
            progress.advance(task, len(chunk))
    return written


@contextmanager
def _appearing(file: Path) -> Iterator[IO[bytes]]:
    """Give a file beside the one that is meant; it takes that name when the block ends well, and goes when it does not."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as unfinished:
            yield unfinished
            unfinished.flush()
            os.fsync(unfinished.fileno())
        Path(name).replace(file)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def _form_of(output: Path | None) -> Format:
    """Give the format that the file's name says, csv without a file or an ending; another ending is a mistake."""
    ending = output.suffix.lstrip(".").lower() if output else ""
    if ending and ending not in set(Format):
        taken = ", ".join(f".{each.value}" for each in Format)
        raise typer.BadParameter(f"a file ends in {taken}, or say its format with --format; .{ending} is none of these")
    return Format(ending) if ending else Format.CSV


def _authorization(client: httpx.Client, audience: Audience) -> dict[str, str]:
    if audience is Audience.PUBLIC:
        return {}
    given = os.environ.get("A22_TOKEN", "")
    if not given and audience is not Audience.NPM:
        raise Refused(f"set A22_TOKEN to a token of an {audience.value}")
    return {"Authorization": f"Bearer {given or asked(client, PERSONA, step_up=True)}"}


def _query(narrowed: list[str]) -> list[tuple[str, str]]:
    pairs = [each.partition("=") for each in narrowed]
    if any(not name or not equals for name, equals, _value in pairs):
        raise typer.BadParameter("a filter is written NAME=VALUE")
    return [(name, value) for name, _equals, value in pairs]


def _reason(answer: httpx.Response) -> str:
    try:
        told = answer.json()
    except ValueError:
        told = {}
    wrong = "; ".join(f"{each.get('pointer', '')} {each.get('detail', '')}".strip() for each in told.get("errors", []))
    hint = " (a strong login at most ten minutes ago is needed)" if answer.status_code == 401 else ""
    return (
        f"the API refused the export with {answer.status_code}: {told.get('detail', 'no reason was given')}{hint}"
        + (f" ({wrong})" if wrong else "")
    )

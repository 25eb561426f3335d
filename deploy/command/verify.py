"""`./a22 verify`: looks whether what is kept is as it was written. Changes nothing, whether the system runs or not."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

import asyncpg
import typer

from deploy.assembly import service_key
from deploy.command.application import new_application
from deploy.command.checkout import home
from deploy.command.up import settings_of
from deploy.postgres.refusal import ClusterRefused
from deploy.postgres.server import Server
from deploy.postgres.visiting import visited
from shared import heads
from shared.chain import Fault, Head, walked
from shared.heads import NotOurs, SignedHead
from shared.identity import PublicKey
from shared.settings import DATABASES, Settings

application = new_application()


class Found(NamedTuple):
    """What was found in one database: how many rows, its head, what is wrong, and how many heads were compared."""

    service: str
    head: Head
    faults: tuple[str, ...]
    compared: int

    def sentences(self) -> Iterable[str]:
        """Say it, one line for each thing."""
        if self.faults:
            yield from (f"{self.service}: {fault}" for fault in self.faults)
            return
        against = f"{self.compared} signed heads" if self.compared else "no signed head yet: a cut end would not show"
        yield f"{self.service}: whole, {self.head.seq} rows, head {self.head.hash.hex()}, compared with {against}"


@application.command()
def verify(
    *,
    journal: Annotated[bool, typer.Option("--journal", help="Walk the chain of every journal.")] = False,
    export: Annotated[
        bool, typer.Option("--export", help="Also print the present heads, signed, to be kept elsewhere.")
    ] = False,
    head_files: Annotated[
        list[Path] | None, typer.Option("--heads", help="A file of heads that you kept elsewhere; may be repeated.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of the data; .a22/data in the checkout unless said.")
    ] = None,
) -> None:
    """Walk the journal of each database and name the first row that is not as it was sealed; 0 when all are whole.

    Each chain is compared with the signed heads that the services keep outside the database (A22_JOURNAL_HEADS) and with
    those of --heads, so that an end that was cut off and a chain that was written anew show too.
    """
    if not journal:
        raise typer.BadParameter("say what to verify: --journal")
    folder = (data or home() / ".a22" / "data").absolute()
    try:
        with visited(folder) as running:
            settings = settings_of(folder, 8000)
            found = asyncio.run(judged(running, settings, head_files or []))
    except ClusterRefused as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(2) from None
    for each in found:
        for sentence in each.sentences():
            typer.echo(sentence, err=bool(each.faults))
    if any(each.faults for each in found):
        raise typer.Exit(1)
    if export:
        for each in found:
            typer.echo(SignedHead.of(each.service, each.head, service_key(settings, each.service)).line())


async def judged(running: Server, settings: Settings, elsewhere: Iterable[Path]) -> list[Found]:
    """Judge the journal of every database; a system that works meanwhile is not in the way."""
    carried = [line for path in elsewhere for line in heads.lines_of(path)]
    return [await _judged(running, settings, service, carried) for service in DATABASES]


async def _judged(running: Server, settings: Settings, service: str, carried: list[str]) -> Found:
    # the heads first: a row that is sealed while we look is in the chain before its head is in the file
    known, faults = _known(settings, service, carried)
    try:
        connection = await asyncpg.connect(running.admin_url, database=service)
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                await connection.execute("SET LOCAL statement_timeout = 0")
                fault, head = await walked(connection, known=[each.head for each in known])
        finally:
            await connection.close()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        # the driver's message may repeat the URL, password included
        raise ClusterRefused(f"the journal of {service} cannot be read: {type(error).__name__}") from None
    told = [*faults, *([_sentence(fault)] if fault else [])]
    return Found(service, head, tuple(told), len(known))


def _sentence(fault: Fault) -> str:
    which = f" (id {fault.id})" if fault.id else ""
    return f"{fault.kind}, row {fault.seq}{which}: {fault.sentence}"


def _known(settings: Settings, service: str, carried: Iterable[str]) -> tuple[list[SignedHead], list[str]]:
    """Read the heads of a service, and say which lines are none; of what was carried in, only its own count."""
    keys = public_keys(settings.public_keys, service)
    path = settings.heads_folder / f"{service}.jsonl"
    own = [(f"line {number} of {path.name}", line) for number, line in enumerate(heads.lines_of(path), start=1)]
    brought = [("a head that was kept elsewhere", line) for line in carried if _names(line) == service]
    known, faults = [], []
    for where, line in [*own, *brought]:
        try:
            read = heads.read(line, keys.get)
            if read.service != service:
                raise NotOurs(f"it is a head of {read.service}")
            known.append(read)
        except NotOurs as error:
            faults.append(f"forged head, {where}: {error}")
    return known, faults


def _names(line: str) -> str:
    try:
        return str(json.loads(line)["service"])
    except (ValueError, KeyError, TypeError):
        return ""


def public_keys(folder: Path, service: str) -> Mapping[str, PublicKey]:
    """Give the public keys of a service by their id: the present one, and older ones that were left beside it."""
    read = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob(f"{service}*.jwk.json"))]
    return {key.kid: key for key in map(PublicKey.from_jwk, read)}

"""`./a22 found`: the first two accounts of a new system, the head's and the system administrator's, given at the server.

A provider's mapping never makes anybody head, and everybody else needs these two: one proposes, the other approves. It
works once, before there is any account.
"""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from deploy import setup
from deploy.command.application import new_application
from deploy.command.checkout import home
from deploy.command.up import settings_of
from deploy.postgres.refusal import ClusterRefused
from deploy.postgres.server import server
from services.stakeholders.accounts import usecases as accounts
from services.stakeholders.accounts.rules import AccountRole
from services.stakeholders.accounts.schemas import Login
from services.stakeholders.persons import usecases as persons
from services.stakeholders.persons.rules import InstitutionPersonKind
from services.stakeholders.persons.schemas import InstitutionPersonCreate
from shared.db import Database
from shared.errors import Conflict

application = new_application()

First = tuple[Login, InstitutionPersonCreate, AccountRole]


@application.command()
def found(
    issuer: Annotated[str, typer.Argument(help="The NPM's identity provider, as its tokens name it.")],
    *,
    head: Annotated[str, typer.Option(help="The head's login there: the subject of the tokens.")],
    head_name: Annotated[str, typer.Option(help="The head's name, for the NPM's own list of people.")],
    sysadmin: Annotated[str, typer.Option(help="The system administrator's login there.")],
    sysadmin_name: Annotated[str, typer.Option(help="The system administrator's name.")],
    data: Annotated[Path | None, typer.Option(help="Folder of the data; as for `up`.")] = None,
) -> None:
    """Give the first two accounts, to two different people; the embedded system must not be running."""
    try:
        first = (
            _first(issuer, head, head_name, InstitutionPersonKind.MEMBER, AccountRole.HEAD),
            _first(issuer, sysadmin, sysadmin_name, InstitutionPersonKind.STAFF, AccountRole.SYSADMIN),
        )
        if head == sysadmin:
            raise typer.BadParameter("head and system administrator are two people with two logins")
        _give(first, (data or home() / ".a22" / "data").absolute())
    except ValidationError as error:
        wrong = ", ".join(sorted({str(each["loc"][0]) for each in error.errors()}))
        typer.echo(f"cannot be: {wrong}", err=True)
        raise typer.Exit(1) from None
    except (Conflict, ClusterRefused) as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1) from None
    typer.echo("head and system administrator have their accounts; all others come through the API")


def _first(issuer: str, subject: str, name: str, kind: InstitutionPersonKind, role: AccountRole) -> First:
    return (
        Login(issuer=issuer, subject=subject),
        InstitutionPersonCreate.model_validate({"kind": kind, "name": name}),
        role,
    )


def _give(first: tuple[First, ...], folder: Path) -> None:
    """Work in the database of the environment, as in a container; otherwise in the folder's own, brought up to date."""
    if url := os.environ.get("A22_SERVICE_DATABASE_URL"):
        asyncio.run(_given(url, first))
        return
    folder.mkdir(parents=True, exist_ok=True)
    with server(folder) as running:
        asyncio.run(setup.prepare(running, settings_of(folder, 8000)))
        asyncio.run(_given(running.url("stakeholders_app", "stakeholders"), first))


async def _given(url: str, first: tuple[First, ...]) -> None:
    database = Database(url, service="stakeholders", pool_size=1)
    try:
        async with database.inside("worker", operation="found_accounts") as work:
            await accounts.refuse_second_founding(work)
            for login, person, role in first:
                await accounts.found_account(work, login, await persons.register_person(work, person), role)
    finally:
        await database.close()

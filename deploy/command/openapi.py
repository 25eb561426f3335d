"""`./a22 openapi`: the committed documents. Builds them only when asked to write; reading one loads no service."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from deploy.command.application import new_application
from deploy.command.checkout import CHECKOUT

DOCUMENTS = CHECKOUT / "gateway" / "openapi"
AUDIENCES = ("npm", "expert", "authority", "partner", "public")

application = new_application()


@application.command()
def openapi(
    audience: Annotated[str | None, typer.Argument(help="npm, expert, authority, partner or public.")] = None,
    *,
    write: Annotated[bool, typer.Option(help="Rebuild all documents first.")] = False,
    folder: Annotated[Path, typer.Option(help="The folder of the documents.", show_default=False)] = DOCUMENTS,
) -> None:
    """Print an audience's OpenAPI document."""
    if not write and audience is None:
        raise typer.BadParameter(f"name an audience ({', '.join(AUDIENCES)}) or --write")
    if audience is not None and audience not in AUDIENCES:
        raise typer.BadParameter(f"{audience} is no audience; there are {', '.join(AUDIENCES)}")
    if write:
        # Building loads every service; printing must stay quick.
        write_documents: Callable[[Path], None] = importlib.import_module("deploy.assembly").write_documents
        write_documents(folder)
    if audience is not None:
        typer.echo((folder / f"{audience}.json").read_text(encoding="utf-8"), nl=False)

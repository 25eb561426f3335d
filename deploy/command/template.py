"""`./a22 template KIND FILE.xlsx`: writes an empty workbook for a country's own files. It asks no running system."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.command.application import new_application
from deploy.imports import shipped, templates
from shared.imports.mapping import KINDS
from shared.imports.problems import FileRefused

application = new_application()


@application.command()
def template(
    kind: Annotated[
        str, typer.Argument(help="What the rows are: places, authorities, visits, recommendations or complaints.")
    ],
    file: Annotated[Path, typer.Argument(help="The workbook to write; its name ends in .xlsx.")],
    *,
    mapping: Annotated[
        str | None, typer.Option(help="Name or path of a mapping of your own; country-KIND unless said.")
    ] = None,
) -> None:
    """Write a workbook with a header, a comment and a drop-down for each column, and an example.

    Fill it in and bring it in: ./a22 import KIND FILE.xlsx --mapping country-KIND
    """
    if kind not in KINDS:
        raise typer.BadParameter(f"{kind} cannot be imported; there are {', '.join(KINDS)}")
    if file.suffix != ".xlsx":
        raise typer.BadParameter("the name of a workbook ends in .xlsx")
    if file.exists():
        raise typer.BadParameter("this file is there already; nothing was written")
    name = mapping or f"country-{kind}"
    try:
        chosen = shipped.load(name)
        if chosen.kind != kind:
            raise typer.BadParameter(f"the mapping {chosen.name} makes {chosen.kind}, not {kind}")
        templates.write(file, chosen)
    except FileRefused as refused:
        raise typer.BadParameter(refused.problem.expected) from None
    except OSError as error:
        raise typer.BadParameter(f"this file cannot be written ({error.strerror})") from None
    typer.echo(f"fill in the first sheet, then: ./a22 import {kind} {file} --mapping {name}")

"""`./a22 bench`: the figures as ratios of interleaved rounds, as one table. Never part of the tests."""

import platform
import time
from collections.abc import Callable
from typing import Annotated

import typer

from deploy.bench import again, caseload, counting, door, growth, hidden, intake, leaving, limit, replay, walls
from deploy.bench.system import Amount, bench
from deploy.bench.table import Row, table
from deploy.command.application import new_application

application = new_application()

BENCHES: dict[str, Callable[[Amount], list[Row]]] = {
    "limit": limit.measured,
    "door": door.measured,
    "walls": walls.measured,
    "hidden": hidden.measured,
    "growth": growth.measured,
    "caseload": caseload.measured,
    "statistics": counting.measured,
    "intake": intake.measured,
    "again": again.measured,
    "replay": replay.measured,
    "export": leaving.measured,
}


@application.command(name="bench")
def show(
    *,
    only: Annotated[str, typer.Option(help=f"Which, with commas between: {', '.join(BENCHES)}.")] = "",
    full: Annotated[bool, typer.Option("--full", help="Also the big sizes: a million rows, a million events.")] = False,
    seconds: Annotated[float, typer.Option(help="Length of each measurement.")] = 2,
    rounds: Annotated[int, typer.Option(help="Interleaved rounds; the median counts.")] = 3,
) -> None:
    """Measure against bare handlers, direct calls, small registers and plain loops, one after the other."""
    chosen = [name for name in only.split(",") if name] or list(BENCHES)
    unknown = [name for name in chosen if name not in BENCHES]
    if unknown:
        raise typer.BadParameter(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    amount, rows = Amount(seconds, rounds, full), []
    for name in chosen:
        began = time.monotonic()
        typer.echo(f"{name} …", err=True)
        rows += BENCHES[name](amount)
        typer.echo(f"{name}: {time.monotonic() - began:.0f} s", err=True)
    with bench() as one:
        version = one.database.version
    typer.echo(
        f"\nPython {platform.python_version()}, PostgreSQL {version}, {platform.machine()}, medians of {rounds}\n"
    )
    for line in table(rows):
        typer.echo(line)

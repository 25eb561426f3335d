"""`./a22 demo`: plays the story over HTTP against a running system; ends at the first surprise. It opens no database."""

import asyncio
from pathlib import Path
from typing import Annotated

import httpx
import typer

from deploy.command.application import new_application
from deploy.command.target import Url
from deploy.demo.story.play import play
from deploy.demo.story.stage import Surprise

application = new_application()


@application.command()
def demo(
    *,
    data: Annotated[Path | None, typer.Option(help="Folder of real data to play the story on.")] = None,
    url: Url = "http://127.0.0.1:8000",
) -> None:
    """Play nine steps, one line each, with what every other audience saw; move the development clock by some days."""
    try:
        asyncio.run(_played(url, data))
    except Surprise as surprise:
        typer.echo(str(surprise), err=True)
        raise typer.Exit(1) from None
    except httpx.TransportError:
        typer.echo(f"nothing answers at {url}; start it with ./a22 up", err=True)
        raise typer.Exit(2) from None
    typer.echo("nine good steps")


async def _played(url: str, data: Path | None) -> None:
    async with httpx.AsyncClient(base_url=url) as client:
        await play(client, typer.echo)

"""`./a22 token PERSONA`: a bearer token from the running system's development issuer, alone on the last line."""

from typing import Annotated

import httpx
import typer

from deploy.command.application import new_application
from deploy.command.target import Url, asked

application = new_application()


@application.command()
def token(
    persona: Annotated[str, typer.Argument(help="A name that `./a22 personas` lists.")],
    *,
    step_up: Annotated[
        bool, typer.Option("--step-up", help="As after a login with a second factor, just now.")
    ] = False,
    url: Url = "http://127.0.0.1:8000",
) -> None:
    """Print a bearer token of one of the made-up people; refused outside development."""
    with httpx.Client(base_url=url, timeout=10) as client:
        answer = asked(client, persona, step_up=step_up)
    typer.echo(answer)

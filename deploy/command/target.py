"""The running system a command talks to: its address, and tokens of the development issuer. Opens no database."""

from typing import Annotated

import httpx
import typer

Url = Annotated[str, typer.Option(envvar="A22_URL", help="Address of the running system.")]


def asked(client: httpx.Client, persona: str, *, step_up: bool = False) -> str:
    """Get a persona's token, or end with one sentence."""
    try:
        answer = client.post("/development/tokens", json={"persona": persona, "step_up": step_up})
    except httpx.HTTPError:
        typer.echo(f"nothing answers at {client.base_url}; start it with ./a22 up", err=True)
        raise typer.Exit(2) from None
    if answer.status_code != 200:
        reason = "tokens are refused outside development" if answer.status_code == 404 else "no token was given"
        typer.echo(f"{reason}, or there is no persona {persona} (see ./a22 personas)", err=True)
        raise typer.Exit(2)
    given: str = answer.json()["token"]
    return given

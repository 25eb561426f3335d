"""`./a22 personas`: the made-up people of development. Refused in production."""

import typer
from rich.console import Console
from rich.table import Column, Table

from deploy.command.application import new_application
from gateway.development import PERSONAS
from shared.settings import Settings

application = new_application()


@application.command()
def personas() -> None:
    """List the people whose tokens `./a22 token` prints."""
    if Settings().is_production:
        typer.echo("there are no personas in production", err=True)
        raise typer.Exit(2)
    longest = max(len(persona.name) for persona in PERSONAS.values())
    # `./a22 token` wants the name as it is, also where the terminal is narrow
    table = Table(Column("persona", no_wrap=True, min_width=longest), "class", "roles", "who")
    for persona in PERSONAS.values():
        table.add_row(persona.name, persona.audience_class, ", ".join(persona.roles), persona.about)
    Console().print(table)

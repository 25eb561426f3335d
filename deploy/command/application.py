"""The calls of `./a22` in one table. A call's module is imported when it is called, never before: `token` must not load the services."""

import importlib
from collections.abc import Callable
from typing import NamedTuple

import typer


class Call(NamedTuple):
    """One call: its name, the module with its `application`, and the line that the help shows."""

    name: str
    module: str
    summary: str


CALLS = (
    Call("up", "deploy.command.up", "Start everything; ready when it says so."),
    Call("found", "deploy.command.found", "Give the first two accounts of a new system."),
    Call("test", "deploy.command.test", "Run the test suite; takes pytest's arguments."),
    Call("check", "deploy.command.check", "Run every gate, the tests last."),
    Call("personas", "deploy.command.personas", "List the people of the development country."),
    Call("token", "deploy.command.token", "Print a bearer token of one of them."),
    Call("demo", "deploy.command.demo", "Play the story over HTTP against a running system."),
    Call("import", "deploy.command.import_", "Bring a file in through the API."),
    Call("template", "deploy.command.template", "Write an empty workbook for a country's own files."),
    Call("export", "deploy.command.export", "Take a list out as CSV, XLSX or JSON Lines."),
    Call("clients", "deploy.command.clients", "Register, approve, list and revoke machine clients."),
    Call("keys", "deploy.command.keys", "Rotate, list and remove the keys of our machine tokens."),
    Call("verify", "deploy.command.verify", "Look whether the journals are as they were written."),
    Call("openapi", "deploy.command.openapi", "Print an audience's document, or rebuild all."),
    Call("requirements", "deploy.command.requirements", "Show which requirements a test shows."),
    Call("bench", "deploy.command.bench", "Run the benchmarks, as ratios."),
)

#: The call's own application reads the arguments, `--help` included.
UNREAD = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def build() -> typer.Typer:
    """Assemble the command line."""
    application = new_application(
        help="Article 22: the backend of a National Preventive Mechanism.", no_args_is_help=True
    )
    for call in CALLS:
        application.command(call.name, help=call.summary, context_settings=UNREAD)(_forward(call))
    return application


def new_application(*, help: str | None = None, no_args_is_help: bool = False) -> typer.Typer:  # noqa: A002 - typer's own word
    """Make a typer application as all calls have it: no shell completion, and tracebacks without values."""
    return typer.Typer(help=help, no_args_is_help=no_args_is_help, add_completion=False, pretty_exceptions_enable=False)


def _forward(call: Call) -> Callable[[typer.Context], None]:
    def forward(context: typer.Context) -> None:
        application: typer.Typer = importlib.import_module(call.module).application
        application(args=context.args, prog_name=f"a22 {call.name}")

    return forward

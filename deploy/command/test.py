"""`./a22 test`: the test suite. Adds nothing to pytest's own arguments and answer, and never needs Node."""

import os
from typing import NoReturn

import typer

from deploy.command.application import new_application
from deploy.command.checkout import CHECKOUT, environment, pytest

application = new_application()


@application.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> NoReturn:
    """Run the test suite; every argument is pytest's, with paths as seen from the checkout."""
    os.chdir(CHECKOUT)
    command = pytest(*context.args)
    os.execve(command[0], command, {**environment(), "A22_ENVIRONMENT": "test"})  # noqa: S606 - our own command line, no shell

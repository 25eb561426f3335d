"""Starts the command line, as the `a22` script does. Never imports more than the table of calls."""

from deploy.command import application

application.build()(prog_name="a22")

"""`./a22 up`: set-up, PostgreSQL, migrations, demo data on an empty system, and everything served. Stays in the foreground."""

import asyncio
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import typer

from deploy import setup
from deploy.command.application import new_application
from deploy.command.checkout import CHECKOUT, home, python
from deploy.postgres.child import tie
from deploy.postgres.refusal import ClusterRefused
from deploy.postgres.server import Server, server
from deploy.postgres.supervisor import end, heed_signals, until_stopped
from shared.settings import SERVICES, Settings

application = new_application()

Shape = Literal["one", "five"]
#: In the shape of five the services listen on the ports after the gateway's.
START_WITHIN_SECONDS = 60


@application.command()
def up(
    *,
    port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1.", min=1, max=65530)] = 8000,
    data: Annotated[
        Path | None, typer.Option(help="Folder of the data; .a22/data in the checkout unless said.")
    ] = None,
    shape: Annotated[str, typer.Option(help="one process or five.")] = "one",
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Fill an empty system with the made-up country.")
    ] = True,
) -> None:
    """Start everything; prints `ready …` when it is, and stops cleanly at Ctrl-C or SIGTERM."""
    heed_signals()
    if shape not in ("one", "five"):
        raise typer.BadParameter("the shape is one or five")
    folder = (data or home() / ".a22" / "data").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with server(folder) as running:
            raise typer.Exit(_run(running, folder, port, "one" if shape == "one" else "five", demo=demo))
    except ClusterRefused as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def settings_of(folder: Path, port: int) -> Settings:
    """Give the settings of a system whose data lie in `folder`; what the environment says wins."""
    said = {
        "A22_BASE_URL": f"http://127.0.0.1:{port}",
        "A22_SECRETS": str(folder / "secrets"),
        "A22_PUBLIC_KEYS": str(folder / "public-keys"),
    }
    os.environ.update({name: value for name, value in said.items() if name not in os.environ})
    return Settings()


def _run(running: Server, folder: Path, port: int, shape: Shape, *, demo: bool) -> int:
    settings = settings_of(folder, port)
    asyncio.run(setup.prepare(running, settings))
    children = _start(running, port, shape)
    try:
        _wait_until_ready(children, port)
        if demo and not settings.is_production and _is_empty(port):
            _fill(port)
    except BaseException:
        end(children)
        raise
    typer.echo(f"ready http://127.0.0.1:{port}")
    sys.stdout.flush()
    if running.cluster is None:
        return _wait_for(children)
    return until_stopped(running.cluster, children=children)


def _start(running: Server, port: int, shape: Shape) -> list[subprocess.Popen[bytes]]:
    urls = setup.app_urls(running)
    if shape == "one":
        return [_child("all", port, A22_DATABASE_URLS=json.dumps(urls))]
    ports = {service: port + number for number, service in enumerate(SERVICES, start=1)}
    addresses = {service: f"http://127.0.0.1:{ports[service]}" for service in SERVICES}
    children = [_child(service, ports[service], A22_SERVICE_DATABASE_URL=urls[service]) for service in SERVICES]
    own = {"A22_SERVICE_URLS": json.dumps(addresses), "A22_SERVICE_DATABASE_URL": urls["gateway"]}
    return [*children, _child("gateway", port, **own)]


def _child(part: str, port: int, **settings: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), **settings}
    command = python("-m", "deploy.serve", part, "--port", str(port))
    parent = os.getpid()
    # a child dies with its supervisor, however that one ends; its group is its own, so that Ctrl-C reaches us alone
    return subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=environment,
        start_new_session=True,
        preexec_fn=lambda: tie(parent, signal.SIGTERM),  # noqa: PLW1509 - started from the main thread, takes no lock
    )


def _wait_until_ready(children: list[subprocess.Popen[bytes]], port: int) -> None:
    until = time.monotonic() + START_WITHIN_SECONDS
    while _status(port, "/readyz") != 200:
        dead = [child for child in children if child.poll() is not None]
        if dead or time.monotonic() > until:
            raise ClusterRefused(f"the system did not start on port {port}; see the messages above")
        time.sleep(0.05)


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def _is_empty(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/v1/public/places?limit=1")
    return not json.loads(connection.getresponse().read())["items"]


def _fill(port: int) -> None:
    address = urlsplit(f"http://127.0.0.1:{port}").geturl()
    subprocess.run(
        python("-m", "deploy.demo.load", address),
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        check=True,
    )


def _wait_for(children: list[subprocess.Popen[bytes]]) -> int:
    """Wait beside a server that is not ours: until a signal, or until a child ends by itself."""
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
    except KeyboardInterrupt:
        end(children)
        return 0
    end(children)
    return 1

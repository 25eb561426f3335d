"""`./a22 up` for real: it starts, refuses a second one, stops cleanly, and leaves no process."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.shapes import free_ports

CHECKOUT = Path(__file__).resolve().parents[2]


@contextmanager
def up(data: Path, port: int, *more: str, ignored: bool = False) -> Iterator[subprocess.Popen[str]]:
    """Run `up` without demo data until the block ends; `ignored`: SIGINT ignored, as a background shell leaves it."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "A22_ENVIRONMENT": "development"}
    command = [
        sys.executable,
        "-m",
        "deploy.command",
        "up",
        "--no-demo",
        "--data",
        str(data),
        "--port",
        str(port),
        *more,
    ]
    process = subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if ignored else None,  # noqa: PLW1509 - one line, no lock
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def ready(process: subprocess.Popen[str]) -> str:
    """Wait for the last line of the start."""
    assert process.stdout is not None
    line = process.stdout.readline()
    return line.strip()


def processes_of(data: Path) -> list[str]:
    """Give the command lines of living processes that name this data folder."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                environment = (folder / "environ").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if str(data) in line or f"A22_SECRETS={data}" in environment:
                found.append(line)
    return found


def gone(data: Path) -> bool:
    """Wait a little until no process is left."""
    for _ in range(100):
        if not processes_of(data):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("shape", ["one", "five"])
def test_it_starts_answers_and_stops_without_a_trace(tmp_path: Path, shape: str) -> None:
    port = free_ports(1)[0]
    with up(tmp_path / "data", port, "--shape", shape, ignored=True) as process:
        assert ready(process) == f"ready http://127.0.0.1:{port}"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/v1/public/places")
        answered = connection.getresponse().status
        connection.close()

        process.send_signal(signal.SIGINT)
        code = process.wait(30)

    assert (answered, code) == (200, 0)
    assert gone(tmp_path / "data")


def test_a_second_one_on_the_same_data_is_refused_with_a_sentence(tmp_path: Path) -> None:
    first_port, second_port = free_ports(2)
    with up(tmp_path / "data", first_port) as first:
        ready(first)
        with up(tmp_path / "data", second_port) as second:
            _out, told = second.communicate(timeout=30)
        first.terminate()
        first.wait(30)

    assert second.returncode == 2
    assert told.strip().count("\n") == 0
    assert told.strip()


def test_when_the_supervisor_is_killed_nothing_goes_on(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    with up(tmp_path / "data", port) as process:
        ready(process)

        process.kill()
        process.wait(10)

    assert gone(tmp_path / "data")

"""`./a22 up` under load: a stop lets every request end and drops no answer; a kill of any of its processes loses nothing."""

import asyncio
import os
import random
import signal
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.command.test_up import gone, ready, up
from tests.knocks import judge
from tests.knocks.chance import say
from tests.knocks.clients import Connection, Gone, Tokens
from tests.knocks.conftest import ready_within
from tests.knocks.processes import LIMITS, PLENTY, System
from tests.shapes import free_ports

#: Generous: what is judged is what is kept, not how fast a loaded machine starts.
pytestmark = pytest.mark.timeout(600)


STOPPED_WITHIN_SECONDS = 20
CLIENTS = 50


@pytest.fixture(autouse=True)
def _plenty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LIMITS:
        monkeypatch.setenv(f"A22_LIMIT_{name}", str(PLENTY))


async def writes(port: int, token: str, kept: set[str], met: list[str]) -> None:
    """Write places until nobody answers any more; each answer counts, also the last."""
    with closing(Connection(port)) as connection:
        for number in range(100_000):
            sent = {"name": f"House {id(connection)} {number}", "place_type": "prison"}
            try:
                answer = await connection.send("POST", "/v1/npm/places", sent, Authorization=f"Bearer {token}")
            except Gone as end:
                met.append(str(end))
                return
            if answer.status != 201:
                met.append(str(answer.status))
                return
            kept.add(str(answer.content["id"]))


async def register(port: int) -> set[str]:
    """Read every place of the register from the API."""
    token, found, query = await Tokens(port).of("staff"), set(), "limit=100"
    with closing(Connection(port)) as connection:
        while True:
            page = await connection.send("GET", f"/v1/npm/places?{query}", Authorization=f"Bearer {token}")
            assert page.status == 200, page.body
            found |= {str(each["id"]) for each in page.content["items"]}
            if not page.content["next_cursor"]:
                return found
            query = f"limit=100&cursor={page.content['next_cursor']}"


async def started(process: "subprocess.Popen[str]", port: int) -> None:
    """Wait for the start without holding up the loop."""
    assert await asyncio.to_thread(ready, process) == f"ready http://127.0.0.1:{port}"


async def stopped_under_load(data: Path, shape: str, enough: int) -> None:
    """Let many clients write, stop, start again, and compare."""
    port, kept, met = free_ports(1)[0], set[str](), list[str]()
    with up(data, port, "--shape", shape) as process:
        await started(process, port)
        token = await Tokens(port).of("staff")
        clients = [asyncio.create_task(writes(port, token, kept, met)) for _ in range(CLIENTS)]
        await filled(kept, enough)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        await asyncio.gather(*clients)
        served = time.monotonic() - began
        code = await asyncio.to_thread(process.wait, 60)
    say(f"  {shape}: {len(kept)} kept; the last was answered {served:.1f} s after the signal; then {sorted(set(met))}")
    with up(data, port, "--shape", shape) as process:
        await started(process, port)
        held = await register(port)

    assert code == 0
    assert served <= STOPPED_WITHIN_SECONDS
    assert held == kept


async def filled(kept: set[str], enough: int) -> None:
    """Wait until so many writes are kept."""
    for _ in range(600):
        if len(kept) >= enough:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"only {len(kept)} writes were kept")


async def test_a_process_that_is_told_to_stop_answers_what_it_has_begun(small: System) -> None:
    before, kept, met = await judge.there(small), set[str](), list[str]()
    token = await Tokens(small.port).of("staff")
    clients = [asyncio.create_task(writes(small.port, token, kept, met)) for _ in range(CLIENTS)]
    await filled(kept, CLIENTS)
    began = time.monotonic()
    small.parts["all"].terminate()
    await asyncio.gather(*clients)
    served = time.monotonic() - began
    await asyncio.to_thread(small.parts["all"].wait, 60)
    small.start("all")
    await ready_within(small.port, 90)

    say(f"  {len(kept)} kept, the last answered {served:.1f} s after the signal; then {sorted(set(met))}")
    assert served <= STOPPED_WITHIN_SECONDS
    assert await judge.there(small) - before == kept


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("shape", ["one", "five"])
async def test_a_stop_of_up_under_load_drops_no_answer(data: Path, shape: str) -> None:
    await stopped_under_load(data, shape, 1_000)


def processes_below(process: int) -> list[int]:
    """Give the children of a process that this test started."""
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("shape", ["one", "five"])
async def test_whatever_of_up_is_killed_the_next_up_has_everything(
    data: Path, chance: random.Random, shape: str
) -> None:
    port, kept, met = free_ports(1)[0], set[str](), list[str]()
    for victim in ("the command", "one below it", "another below it"):
        with up(data, port, "--shape", shape) as process:
            await started(process, port)
            token = await Tokens(port).of("staff")
            clients = [asyncio.create_task(writes(port, token, kept, met)) for _ in range(8)]
            await asyncio.sleep(0.5 + chance.random())
            killed = process.pid if victim == "the command" else chance.choice(processes_below(process.pid))
            os.kill(killed, signal.SIGKILL)
            await asyncio.gather(*clients)
            code = await asyncio.to_thread(process.wait, 60)
        assert code != 0
        assert await asyncio.to_thread(gone, data)
    with up(data, port, "--shape", shape) as process:
        await started(process, port)
        held = await register(port)

    assert kept <= held
    assert len(held - kept) <= 3 * 8, "more than the unanswered last request of each client"


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_of_two_ups_at_the_same_instant_one_serves_and_one_says_why_not(data: Path) -> None:
    ports = free_ports(2)
    with up(data, ports[0]) as first, up(data, ports[1]) as second:
        done = await asyncio.gather(
            *(asyncio.to_thread(each.stdout.readline) for each in (first, second) if each.stdout)
        )
        served = [line.strip() for line in done if line.strip()]
        refused = second if done[0].strip() else first
        code = await asyncio.to_thread(refused.wait, 30)
        told = refused.stderr.read() if refused.stderr else ""

    assert len(served) == 1, done
    assert (code, told.count("\n")) == (2, 1)
    assert "another start already runs" in told

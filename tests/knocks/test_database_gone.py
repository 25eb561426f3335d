"""The database goes away and comes back: 503 at once meanwhile, ready soon after, without a restart, nothing lost."""

import asyncio
import os
import random
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.knocks import judge
from tests.knocks.clients import Connection, Tokens, Writers
from tests.knocks.conftest import Start, ready_within
from tests.knocks.processes import System

#: Generous: what is judged is what is kept, not how fast a loaded machine starts.
pytestmark = pytest.mark.timeout(600)


REFUSED_WITHIN_SECONDS = 2
READY_WITHIN_SECONDS = 10
#: What a request may take while the database is there and does not move: what it had begun may have to end first.
FROZEN_SECONDS = 10
NEEDS_NO_DATABASE = (
    "/livez",
    "/openapi/public.json",
    "/docs/public",
    "/.well-known/jwks.json",
    "/v1/public/vocabularies/place_type",
)
NEEDS_DATABASE = (
    ("GET", "/readyz", None),
    ("GET", "/v1/public/places", None),
    ("GET", "/v1/npm/places", None),
    ("GET", "/v1/npm/authorities", None),
    ("GET", "/v1/npm/recommendations", None),
    ("POST", "/v1/npm/places", {"name": "House", "place_type": "prison"}),
    ("POST", "/v1/npm/authorities", {"name": "Ministry", "category": "line_ministry"}),
)


async def asked(system: System, token: str) -> dict[str, tuple[int, str, float]]:
    """Ask everything at once; gives status, Retry-After and seconds of each."""

    async def one(method: str, path: str, body: object) -> tuple[str, tuple[int, str, float]]:
        with closing(Connection(system.port)) as connection:
            began = time.monotonic()
            answer = await connection.send(method, path, body, Authorization=f"Bearer {token}")
            return f"{method} {path}", (answer.status, answer.headers.get("retry-after", ""), time.monotonic() - began)

    free = (("GET", path, None) for path in NEEDS_NO_DATABASE)
    return dict(await asyncio.gather(*(one(*each) for each in (*NEEDS_DATABASE, *free))))


def judged(answers: dict[str, tuple[int, str, float]], seconds: float) -> None:
    """Insist on 503 with Retry-After for what needs the database, and on 200 for what does not."""
    for method, path, _body in NEEDS_DATABASE:
        status, retry_after, took = answers[f"{method} {path}"]
        assert (status, retry_after.isdecimal()) == (503, True), (method, path, status)
        assert took <= seconds, (method, path, took)
    assert {path: answers[f"GET {path}"][0] for path in NEEDS_NO_DATABASE} == dict.fromkeys(NEEDS_NO_DATABASE, 200)


async def gone_and_back(system: System, chance: random.Random, writes: int) -> None:
    """Write all the time, take the database away, look at the answers, bring it back."""
    before = await judge.there(system)
    processes = {part: process.pid for part, process in system.parts.items()}
    token = await Tokens(system.port).of("staff")
    writers = Writers(system.port, chance, f"gone-{chance.randrange(10**9)}")
    async with asyncio.TaskGroup() as both:
        both.create_task(writers.write(writes))
        await writers.reached(writes / 3)
        system.postgres.kill()
        for _ in range(5):
            judged(await asked(system, token), REFUSED_WITHIN_SECONDS)
            await asyncio.sleep(0.3)
        system.postgres.start()
        await ready_within(system.port, READY_WITHIN_SECONDS)

    assert {part: process.pid for part, process in system.parts.items() if process.poll() is None} == processes
    await judge.nothing_lost_or_doubled(system, writers, before=before)
    await judge.chains_hold(system)


async def test_a_database_that_is_gone_is_503_at_once_and_ready_soon_after_it_is_back(
    small: System, chance: random.Random
) -> None:
    await gone_and_back(small, chance, 60)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("shape", ["one", "five"])
async def test_in_either_shape_nothing_is_lost_while_the_database_is_away(
    start: Start, chance: random.Random, shape: str
) -> None:
    system = await start(shape)
    for _ in range(3):
        await gone_and_back(system, chance, 400)


def signalled(system: System, number: signal.Signals) -> None:
    """Send a signal to the database's processes, which this test started."""
    server = system.postgres.up.server
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    for process in (server, *map(int, children)):
        os.kill(process, number)


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_database_that_does_not_move_hangs_nobody(start: Start) -> None:
    system = await start("one")
    token = await Tokens(system.port).of("staff")
    await asked(system, token)
    signalled(system, signal.SIGSTOP)
    try:
        answers = await asked(system, token)
        answers_later = await asked(system, token)
    finally:
        signalled(system, signal.SIGCONT)

    judged(answers, FROZEN_SECONDS)
    judged(answers_later, FROZEN_SECONDS)
    await ready_within(system.port, READY_WITHIN_SECONDS)

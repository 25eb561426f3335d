"""The process that carries an import out is killed again and again: every row is there once, and the report counts right."""

import asyncio
import json
import random
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

import pytest

from tests.knocks import judge
from tests.knocks.chance import say, size
from tests.knocks.clients import Answer, Connection, Gone, Tokens
from tests.knocks.conftest import Start, ready_within
from tests.knocks.processes import System

#: Generous: what is judged is what is kept, not how fast a loaded machine starts.
pytestmark = pytest.mark.timeout(600)


#: Rows that are committed together. Each kill comes a batch later, so that the last finds something left to do.
BATCH_ROWS = 1_000
BAD_EVERY, DOUBLED_EVERY = 97, 613
STARTED_WITHIN_SECONDS = 90
PATIENCE_SECONDS = 180
HOW_FAR = "SELECT state, attempt, done FROM operation WHERE id = $1::uuid"
TOLD = "SELECT subject_id FROM journal WHERE action LIKE 'visits.place.%' AND subject_id = ANY($1::text[])"


@dataclass(frozen=True)
class Register:
    """A made-up register: most rows are good; some are of no kind that there is, some have the id of a row before."""

    name: str
    rows: int

    def is_bad(self, line: int) -> bool:
        """Whether the row in this line names a kind of place that does not exist."""
        return line % BAD_EVERY == 0

    def is_doubled(self, line: int) -> bool:
        """Whether the row in this line has the id of the first row; the report calls it so, good or bad."""
        return line % DOUBLED_EVERY == 0

    @property
    def reported(self) -> list[int]:
        """The lines that are not taken."""
        return [line for line in range(1, self.rows + 1) if self.is_bad(line) or self.is_doubled(line)]

    @property
    def names(self) -> set[str]:
        """The names of the places that must be there in the end."""
        left_out = set(self.reported)
        return {f"{self.name} {line}" for line in range(1, self.rows + 1) if line not in left_out}

    def content(self) -> bytes:
        """Write it as JSON Lines."""
        return "\n".join(json.dumps(self._row(line)) for line in range(1, self.rows + 1)).encode()

    def _row(self, line: int) -> dict[str, Any]:
        return {
            "row": "1" if self.is_doubled(line) else str(line),
            "line": line,
            "name": f"{self.name} {line}",
            "place_type": "castle" if self.is_bad(line) else "prison",
        }


class Clerk:
    """Somebody who brings the register in, asks what became of it, and tries again while nobody answers."""

    def __init__(self, system: System) -> None:
        """Work at this system."""
        self._system = system
        self._tokens = Tokens(system.port)

    async def send(self, method: str, path: str, body: bytes | None = None) -> Answer:
        """Send one request as the head of the body."""
        token = await self._tokens.of("head")
        with closing(Connection(self._system.port)) as connection:
            return await connection.send(
                method, f"/v1/npm{path}", body, 120, Authorization=f"Bearer {token}", Content_Type="application/jsonl"
            )

    async def read(self, path: str) -> Any:
        """Read, and insist on an answer."""
        answer = await self.send("GET", path)
        assert answer.status == 200, answer.body
        return answer.content

    async def order(self, register: Register) -> str:
        """Order the import; gives the id of the operation."""
        path = f"/places/imports?source={register.name.lower()}&mapping=made-up"
        answer = await self.send("POST", path, register.content())
        assert answer.status == 202, answer.body
        return str(answer.content["id"])

    async def outcome(self, operation: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Wait until the operation has ended; gives it, and the report."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with suppress(Gone):
                shown = await self.read(f"/operations/{operation}")
                if shown["state"] not in ("waiting", "running"):
                    return shown, await self.read(f"/places/imports/{operation}/report")
            await asyncio.sleep(0.1)
        raise AssertionError(f"the import did not end within {PATIENCE_SECONDS} s")

    async def places(self, register: Register) -> dict[str, dict[str, Any]]:
        """Read all places of the register, by id."""
        found: dict[str, dict[str, Any]] = {}
        cursor = ""
        while True:
            page = await self.read(f"/places?limit=100{cursor}")
            found |= {each["id"]: each for each in page["items"] if each["name"].startswith(f"{register.name} ")}
            if not page["next_cursor"]:
                return found
            cursor = f"&cursor={page['next_cursor']}"


async def in_the_middle(system: System, operation: str, after: int, reached: int, chance: random.Random) -> int:
    """Wait until a run later than `after` has `reached` so many rows, then some while, at the longest for one batch.

    Gives how far it is.
    """
    until, at = time.monotonic() + PATIENCE_SECONDS, None
    while time.monotonic() < until:
        ((state, attempt, done),) = await judge.rows(system, "visits", HOW_FAR, operation)
        assert state in ("waiting", "running"), f"{state} after {after} kills"
        if state == "running" and attempt > after and done >= reached:
            at = at or time.monotonic() + chance.random()
            if time.monotonic() >= at or done >= reached + BATCH_ROWS:
                return int(done)
        await asyncio.sleep(0.01)
    raise AssertionError(f"no run after the {after}th began within {PATIENCE_SECONDS} s")


async def attempts(system: System, operation: str) -> int:
    """Give how often the operation was begun."""
    return int((await judge.rows(system, "visits", HOW_FAR, operation))[0]["attempt"])


async def killed(system: System, part: str, operation: str, kills: int, chance: random.Random) -> None:
    """Kill the part that carries the operation out so many times, each time while it does, and start it again."""
    begun, reached = 0, 0
    for number in range(1, kills + 1):
        done = await in_the_middle(system, operation, begun, BATCH_ROWS * number, chance)
        system.kill(part)
        begun = await attempts(system, operation)
        await asyncio.sleep(chance.random())
        system.start(part)
        say(f"  killed at {done} rows, ready after {await ready_within(system.port, STARTED_WITHIN_SECONDS):.1f} s")
        assert done >= reached, "rows that were done were forgotten"
        reached = done
    assert begun >= kills


async def brought_in(system: System, part: str, register: Register, kills: int, chance: random.Random) -> None:
    """Import under kills, then once more in peace, and judge both."""
    clerk = Clerk(system)
    operation = await clerk.order(register)
    await killed(system, part, operation, kills, chance)
    ended, report = await clerk.outcome(operation)
    first = await clerk.places(register)
    judged(register, ended, report, created=len(register.names))
    assert Counter(each["name"] for each in first.values()) == Counter(register.names)

    again, second = await clerk.outcome(await clerk.order(register))
    judged(register, again, second, unchanged=len(register.names))
    assert await clerk.places(register) == first
    await judge.sealed(system)
    told = await judge.rows(system, "visits", TOLD, list(first))
    assert Counter(row[0] for row in told) == dict.fromkeys(first, 1), "each place is told of once"
    await judge.projections_equal(system)
    say(f"  {len(first)} places, each there once; begun {await attempts(system, operation)} times")


def judged(register: Register, ended: dict[str, Any], report: dict[str, Any], **taken: int) -> None:
    """Hold state, progress, counts and the lines of the problems against what was sent."""
    expected = {"created": 0, "changed": 0, "unchanged": 0, "held_back": 0, **taken}
    expected |= {"rows": register.rows, "reported": len(register.reported)}
    assert (ended["state"], ended["problem"]) == ("done", None)
    assert ended["progress"] == {"done": register.rows, "total": register.rows}
    assert {name: ended["result"][name] for name in expected} == expected
    assert {name: report[name] for name in expected} == expected
    assert [problem["line"] for problem in report["problems"]] == register.reported


async def test_an_import_whose_process_is_killed_is_carried_on_and_every_row_is_there_once(
    small: System, chance: random.Random
) -> None:
    register = Register(f"Worked-{chance.randrange(10**9)}", 3_500)

    await brought_in(small, "all", register, 1, chance)


@pytest.mark.long
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize(("shape", "part", "kills"), [("one", "all", 12), ("five", "visits", 6)])
async def test_an_import_survives_many_kills_of_its_process_with_every_row_there_once(
    start: Start, chance: random.Random, shape: str, part: str, kills: int
) -> None:
    kills = size("WORKER_KILLS", kills)
    system = await start(shape)
    register = Register("Worked", BATCH_ROWS * (kills + 3))

    await brought_in(system, part, register, kills, chance)

    assert len(await judge.rows(system, "visits", "SELECT 1 FROM place")) == len(register.names)
    await judge.chains_hold(system)

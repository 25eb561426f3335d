"""The domain's clock jumps by years while people write: order, tokens and keys do not follow it, deadlines do.

The host's clock cannot be moved here without moving everybody's; what follows the host (tokens, the order of the journal,
the life of an Idempotency-Key) is shown not to follow the domain's.
"""

import asyncio
import random
from contextlib import closing
from datetime import date, timedelta

import httpx
import pytest

from gateway.development import AUTHORITY_A
from tests.knocks import judge
from tests.knocks.chance import size
from tests.knocks.clients import PLACES, Connection, Tokens, Writers
from tests.knocks.conftest import Start
from tests.knocks.processes import System
from tests.people import Actor, People
from tests.recommendations.conftest import owed_by, sent
from tests.stakeholders.made import with_institutions
from tests.waiting import eventually

#: Generous: what is judged is what is kept, not how fast a loaded machine starts.
pytestmark = pytest.mark.timeout(600)


OUT_OF_ORDER = """
SELECT count(*) FROM (SELECT occurred_on, lag(occurred_on) OVER (ORDER BY seq) AS before FROM journal) told
WHERE occurred_on < before - 1
"""


async def jumped(system: System, token: str, days: int) -> date:
    """Move the clock; gives the day that it shows now, in every service."""
    with closing(Connection(system.port)) as connection:
        answer = await connection.send(
            "POST", "/v1/npm/development/clock", {"advance": f"P{days}D"}, Authorization=f"Bearer {token}"
        )
    assert answer.status == 200, answer.body
    shown = {now[:10] for now in answer.content["now"].values()}
    assert len(shown) == 1
    return date.fromisoformat(shown.pop())


async def jumps(system: System, chance: random.Random, writes: int, times: int) -> date:
    """Write, and let years pass meanwhile; the token is the one from before all jumps."""
    before = await judge.there(system)
    token = await Tokens(system.port).of("staff")
    writers = Writers(system.port, chance, f"jump-{chance.randrange(10**9)}")
    day = date.min
    async with asyncio.TaskGroup() as both:
        both.create_task(writers.write(writes))
        for number in range(times):
            await writers.reached(writes * (number + 0.5) / times)
            latest = await jumped(system, token, chance.randrange(300, 1500))
            assert latest > day
            day = latest
    await judge.nothing_lost_or_doubled(system, writers, before=before)
    await judge.chains_hold(system)
    await replayed(system, token, writers)
    # on a fast machine the writers are done before the last jump
    await Writers(system.port, chance, f"landed-{chance.randrange(10**9)}").write(1)
    return day


async def replayed(system: System, token: str, writers: Writers) -> None:
    """A key from before the jumps is still the same key."""
    made, key = next(iter(writers.kept[PLACES].items()))
    with closing(Connection(system.port)) as connection:
        again = await connection.send(
            "POST", PLACES.path, PLACES.body(f"House {key}"), Authorization=f"Bearer {token}", Idempotency_Key=key
        )
    assert (again.status, again.content["id"], again.headers["idempotency-replayed"]) == (201, made, "true")


async def test_years_pass_while_people_write(small: System, chance: random.Random) -> None:
    day = await jumps(small, chance, 60, 2)

    newest = (await judge.rows(small, "visits", "SELECT occurred_on FROM journal ORDER BY seq DESC LIMIT 1"))[0][0]
    assert newest > date(2027, 6, 1)
    assert abs(newest - day) <= timedelta(days=1)
    assert (await judge.rows(small, "visits", OUT_OF_ORDER))[0][0] == 0


async def _knows_authorities(head: Actor, system: System) -> None:
    async def known() -> bool:
        found = await judge.rows(
            system, "recommendations", "SELECT 1 FROM known_stakeholder WHERE id = $1::uuid", AUTHORITY_A
        )
        return bool(found)

    await eventually(known, seconds=60)


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_deadline_is_computed_from_the_day_after_the_jump_and_passes_with_the_next(
    start: Start, chance: random.Random
) -> None:
    system = await start("five")
    day = await jumps(system, chance, size("JUMP_WRITES", 1_000), 5)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{system.port}", timeout=30) as client:
        people = People(client, None)
        head = await people.as_("head")
        await with_institutions(people)
        await _knows_authorities(head, system)

        made = await sent(people)
        due = date.fromisoformat(owed_by(made, AUTHORITY_A)["due_on"])
        assert date.fromisoformat(made["transmitted_on"]) - day <= timedelta(days=1)
        assert timedelta(days=40) < due - day < timedelta(days=70)
        assert not owed_by(made, AUTHORITY_A)["is_overdue"]

        await jumped(system, str(head.token), 365)
        later = await head.read(f"/npm/recommendations/{made['id']}")
        assert owed_by(later, AUTHORITY_A)["is_overdue"]

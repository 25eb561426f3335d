"""Which places a name may mean: the same as by holding it against every other name, without doing that."""

import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from deploy.postgres.server import Server
from services.visits.matches.queries import SIMILAR
from services.visits.matches.rules import LEAST_SCORE, MOST_CANDIDATES
from shared.paging import _numbered

WORDS = ("prison", "house", "police", "station", "north", "hill", *(f"word{number}" for number in range(40)))
SEEN = {"unverified", "in_use", "closed"}
Place = tuple[UUID, str, str, str]
Named = tuple[str, str]


@pytest_asyncio.fixture
async def connection(cluster: Server) -> AsyncIterator[asyncpg.Connection]:
    """Give a connection on which the statement finds a register of its own, that nobody else sees."""
    made = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    await made.execute("CREATE TEMPORARY TABLE place (id uuid, sort_name text, region text, status text)")
    yield made
    await made.close()


async def _fill(connection: asyncpg.Connection, places: list[Place]) -> None:
    await connection.execute("TRUNCATE pg_temp.place")
    await connection.copy_records_to_table("place", schema_name="pg_temp", records=places)


async def _told(connection: asyncpg.Connection, asked: list[Named], common: int, before: str = "") -> list[Any]:
    statement, names = _numbered(SIMILAR)
    given = {"names": [name for name, _ in asked], "regions": [region for _, region in asked], "common": common,
             "least": LEAST_SCORE, "most": MOST_CANDIDATES}  # fmt: skip
    return list(await connection.fetch(before + statement, *(given[name] for name in names)))


def by_hand(places: list[Place], asked: list[Named]) -> list[tuple[int, UUID]]:
    """Hold every name against every other one of its region: the rule as it reads."""
    found = []
    for position, (name, region) in enumerate(asked):
        scored = []
        for place_id, other, where, status in places:
            shared = len(set(name.split()) & set(other.split()))
            score = 2.0 * shared / ((len(name.split()) + len(other.split())) or 1)
            if where == region and status in SEEN and score >= LEAST_SCORE:
                scored.append((-score, place_id))
        found += [(position, place_id) for _, place_id in sorted(scored)[:MOST_CANDIDATES]]
    return found


def made_up(chance: random.Random, many: int) -> list[Place]:
    states = ("unverified", "in_use", "closed", "rejected", "merged")
    return [(uuid4(), *one_name(chance), chance.choice(states)) for _ in range(many)]


def one_name(chance: random.Random) -> Named:
    few = [chance.choice(WORDS[:6] if chance.random() < 0.6 else WORDS) for _ in range(chance.randint(1, 5))]
    return " ".join(few), chance.choice(("", "North", "South"))


@pytest.mark.parametrize("common", [0, 1, 5, 25, 1000])
async def test_the_likeliest_places_are_those_of_the_rule_however_common_their_words(
    connection: asyncpg.Connection, common: int
) -> None:
    chance = random.Random(common)
    places, asked = made_up(chance, 200), [one_name(chance) for _ in range(60)]
    await _fill(connection, places)

    told = await _told(connection, asked, common)

    ranked = sorted((row["position"], -row["score"], row["id"]) for row in told)
    assert [(position, place_id) for position, _, place_id in ranked] == [tuple(row)[:2] for row in told]
    assert Counter(tuple(row)[:2] for row in told) == Counter(by_hand(places, asked))
    assert len(told) > len(asked)


def _rows(plan: dict[str, Any]) -> int:
    """Count the rows that went through all steps of a plan, those that were thrown away too."""
    own = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Join Filter", 0)
    return int(own * plan["Actual Loops"]) + sum(_rows(each) for each in plan.get("Plans", ()))


async def test_names_that_all_share_a_word_are_not_each_held_against_every_other(
    connection: asyncpg.Connection,
) -> None:
    """Prison House 1 to n, asked about n names: twice as many is twice the work, not four times."""
    work = []
    for many in (400, 800):
        places = [(uuid4(), f"prison house {number}", "North", "in_use") for number in range(many)]
        asked = [(name, "North") for _, name, _, _ in places]
        await _fill(connection, places)
        told = await _told(connection, asked, 100)
        plan = await _told(connection, asked, 100, "EXPLAIN (ANALYZE, FORMAT JSON) ")
        assert {row["position"]: row["id"] for row in reversed(told)} == {n: each[0] for n, each in enumerate(places)}
        work.append(_rows(json.loads(plan[0][0])[0]["Plan"]))

    assert work[1] < 2.5 * work[0]

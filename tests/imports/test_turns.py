"""A batch of rows does not hold up everybody else: between any two turns of others only so many rows are taken."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlmodel import SQLModel

from deploy.postgres.server import Server
from services.complaints.complaints.tables import Complaint
from services.recommendations.recommendations.tables import Recommendation
from services.stakeholders.authorities.tables import Stakeholder
from services.visits.places.rules import PlaceType
from services.visits.places.schemas.imports import PlaceImportRow
from services.visits.places.tables import Place
from services.visits.places.usecases import import_places
from shared.access import Operation
from shared.caller import Caller
from shared.db import Database, Work
from shared.imports.envelope import Imported, ImportOrder
from shared.imports.turns import TURN_ROWS, by_turns
from shared.records import Fresh

ROW = Operation(operation="import_places", audience="npm", scopes=("visits:places.write",), object="none")
HEAD = Caller(subject="head-turns", audience_class="npm", roles=frozenset({"head"}), scopes=frozenset(ROW.scopes))
ROWS = 6 * TURN_ROWS


@pytest_asyncio.fixture
async def work(cluster: Server) -> AsyncIterator[Work]:
    """Give a transaction of the visits service of which nothing is kept."""
    database = Database(cluster.url("visits_app", "visits"), service="visits", pool_size=1)
    async with database.work(HEAD, ROW) as opened:
        opened.discard()
        yield opened
    await database.close()


def rows(source: str, review: str | None = None) -> list[PlaceImportRow]:
    """Make a register whose names all share their words."""
    return [
        PlaceImportRow(
            row=f"{source}-{number}", line=number + 2, name=f"Prison House {number} of {source}", region=source,
            place_type=PlaceType("prison"), review=review,
        )
        for number in range(ROWS)
    ]  # fmt: skip


async def longest_go(work: Work, order: ImportOrder, taken: list[PlaceImportRow]) -> tuple[int, Imported]:
    """Take rows while somebody else counts, at each turn, what was recorded since the turn before."""
    seen, goes, is_over = 0, [0], False

    async def look() -> None:
        nonlocal seen
        while not is_over:
            goes.append(len(work._events) - seen)
            seen = len(work._events)
            await asyncio.sleep(0)

    other = asyncio.create_task(look())
    outcome = await import_places(work, order, list(taken))
    await asyncio.sleep(0)
    is_over = True
    await other
    return max(goes), outcome


@pytest.mark.parametrize("review", [None, "by its name hardly a place"])
async def test_rows_are_made_or_asked_about_a_few_at_a_time(work: Work, review: str | None) -> None:
    source = f"turns-{uuid4().hex[:8]}"

    go, outcome = await longest_go(work, ImportOrder(source=source, mapping="turns"), rows(source, review))

    assert outcome.created + outcome.waiting == len(work._events) == ROWS
    assert 0 < go <= TURN_ROWS


async def test_twins_are_asked_about_a_few_at_a_time(work: Work) -> None:
    name, other = (f"turns-{uuid4().hex[:8]}" for _ in range(2))
    await import_places(work, ImportOrder(source=name, mapping="turns"), list(rows(name)))
    work._events.clear()

    go, outcome = await longest_go(work, ImportOrder(source=other, mapping="turns"), rows(name))

    assert (outcome.created, outcome.questions, len(work._events)) == (ROWS, ROWS, 2 * ROWS)
    assert 0 < go <= TURN_ROWS


async def test_all_rows_come_in_their_order() -> None:
    assert [row async for row in by_turns(range(ROWS + 1))] == list(range(ROWS + 1))
    assert [row async for row in by_turns(list[int]())] == []


@pytest.mark.parametrize("table", [Place, Recommendation, Complaint, Stakeholder])
def test_a_record_is_made_without_looking_up_what_its_defaults_take(table: type[SQLModel]) -> None:
    made = [field.default_factory for field in table.model_fields.values() if field.default_factory is not None]
    assert made
    assert all(isinstance(each, Fresh) for each in made)

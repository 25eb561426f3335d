"""An export imports again: brought into an empty system by the shipped mapping, the list is the same list."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.imports.sending import Outcome
from deploy.postgres.server import Server
from shared.settings import DATABASES
from tests.conftest import NOT_EMPTY, _emptied
from tests.exports.reading import ACCEPT
from tests.exports.test_answers import NAMES
from tests.harm import feeds
from tests.imports.conftest import Bring, bring
from tests.people import People
from tests.stakeholders.made import imported
from tests.waiting import eventually

__all__ = ["bring"]

pytestmark = pytest.mark.usefixtures("empty")

HOUSE = "22222222-2222-4222-8222-222222222222"
SHIPS = "11111111-1111-4111-8111-111111111111"
Emptied = Callable[[], Awaitable[None]]
Make = Callable[[People], Awaitable[None]]


@pytest.fixture
def emptied(cluster: Server) -> Emptied:
    """Give a way to empty every table in the middle of a test."""

    async def clear() -> None:
        await feeds.settled(cluster)
        await _cleared(cluster)

    return clear


async def _cleared(cluster: Server) -> None:
    for service in DATABASES:
        connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
        try:
            await _emptied(connection, [row["relname"] for row in await connection.fetch(NOT_EMPTY)])
        finally:
            await connection.close()


async def listed(people: People, kind: str, *without: str) -> list[dict[str, Any]]:
    head = await people.as_("head", step_up=True)
    items = (await head.read(f"/npm/{kind}?limit=100"))["items"]
    return sorted(
        ({name: value for name, value in item.items() if name not in without} for item in items),
        key=lambda item: item["id"],
    )


async def exported(people: People, kind: str, form: str, folder: Path) -> Path:
    head = await people.as_("head", step_up=True)
    answer = await head.get(f"/npm/{kind}", headers={"Accept": ACCEPT[form]})
    assert answer.status_code == 200, answer.text
    file = folder / f"{kind}.{form}"
    file.write_bytes(answer.content)
    return file


async def authorities(people: People) -> None:
    await imported(
        people, "authorities",
        {"row": "1", "name": "Ministry", "category": "prison_service", "abbreviation": "=M"},
        {"row": "2", "id": SHIPS, "name": "Ships, rivers and -lakes", "parents": ["1"], "closed_on": "2020-02-29"},
    )  # fmt: skip


async def places(people: People) -> None:
    await authorities(people)
    told = [{"name": name, "place_type": "prison", "region": "'North", "capacity": at} for at, name in enumerate(NAMES)]
    await imported(people, "places", *told, {"name": "Boat", "place_type": "unknown", "operator_id": SHIPS})


async def visits(people: People) -> None:
    await imported(people, "places", {"id": HOUSE, "name": "House", "place_type": "prison"})
    await imported(people, "visits", {"type": "in_depth", "place_ids": [HOUSE], "days": ["2020-01-30", "2020-02-01"], "code": "OLD-1"},
                   {"type": "ad_hoc", "days": ["2021-03-04"], "status": "closed"})  # fmt: skip


async def recommendations(people: People) -> None:
    await imported(people, "recommendations", {"text": {"en": "=Build\nmore \"windows\", please", "fr": "Fenêtres"}, "state": "draft"},
                   {"text": {"es": "Más luz"}, "state": "in_follow_up", "theme": "health_care", "transmitted_on": "2020-01-30"})  # fmt: skip


#: How a kind is made, what must be there before it, and what an import does not bring: numbers that each system counts for
#: itself. Every format for one kind, and each other kind in one: formats and kinds know nothing of each other.
KINDS = [
    ("authorities", authorities, "csv", None, ()),
    ("authorities", authorities, "xlsx", None, ()),
    ("authorities", authorities, "jsonl", None, ()),
    ("places", places, "csv", "authorities", ("code",)),
    ("visits", visits, "xlsx", "places", ()),
    ("recommendations", recommendations, "csv", None, ("code",)),
]


@pytest.mark.parametrize(("kind", "make", "form", "needed", "without"), KINDS)
async def test_an_export_imports_again(
    people: People, bring: Bring, emptied: Emptied, tmp_path: Path,
    kind: str, make: Make, form: str, needed: str | None, without: tuple[str, ...],
) -> None:  # fmt: skip
    await make(people)
    before = await listed(people, kind, *without)
    assert before
    files = {each: await exported(people, each, form, tmp_path) for each in (needed, kind) if each}
    await emptied()
    if needed:
        await bring(files[needed], f"export-{needed}")

    first = await eventually(lambda: _without_problems(bring, files[kind], f"export-{kind}"))
    assert first is not None
    again = await bring(files[kind], f"export-{kind}")

    assert (first.created, first.total, again.unchanged) == (len(before), len(before), len(before))
    assert await eventually(lambda: _is_same(people, kind, before, *without))


async def _without_problems(bring: Bring, file: Path, mapping: str) -> Outcome | None:
    """Bring a file in once what it names has reached the service; a place takes a moment to be known everywhere."""
    tried = await bring(file, mapping, dry_run=True)
    return await bring(file, mapping) if not tried.problems else None


async def _is_same(people: People, kind: str, before: list[dict[str, Any]], *without: str) -> bool:
    return await listed(people, kind, *without) == before

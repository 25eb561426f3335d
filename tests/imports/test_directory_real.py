"""The institutions of the United Kingdom from both files (D1), counted at the API, in either order."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.imports.conftest import Bring
from tests.imports.directory import bodies, decide, shape, waiting
from tests.people import People

pytestmark = [pytest.mark.usefixtures("empty"), pytest.mark.timeout(600), pytest.mark.long]

RENAMED = {
    "Department for Culture, Media & Sport": "Department for Digital, Culture, Media and Sport",
    "Cafcass": "The Children and Family Court Advisory and Support Service",
    "The Scottish Government": "Scottish Government",
    "NHS Litigation Authority": "NHS Resolution",
}


def files(shared_data: Path) -> list[tuple[Path, str]]:
    folder = shared_data / "D1-uk-gov-organisations"
    return [
        (folder / "govuk_organisations.jsonl", "d1-uk-government"),
        (folder / "government-organisation.tsv", "d1-uk-register"),
    ]


async def test_1016_and_981_rows_are_1020_institutions(people: People, shared_data: Path, bring: Bring) -> None:
    staff = await people.as_("staff")

    tree, register = [await bring(file, name) for file, name in files(shared_data)]
    again = [await bring(file, name) for file, name in files(shared_data)]

    assert (tree.total, tree.created, tree.reported) == (1_016, 1_016, 0)
    assert (register.total, register.created, register.changed) == (981, 0, 977)
    assert (register.waiting, register.reported) == (4, 0)
    assert [(each.created, each.changed, each.unchanged) for each in again] == [(0, 0, 1_016), (0, 0, 977)]
    open_ones = await waiting(staff)
    assert {each["candidates"][0]["name"]: each["name"] for each in open_ones} == RENAMED
    await decide(staff, "make_new")
    found = await bodies(staff)
    assert (len(found), sum(len(each["parents"]) > 1 for each in found)) == (1_020, 16)
    assert sum(each["closed_on"] is not None for each in found) == 249
    monitor = next(each for each in found if each["name"] == "Monitor")
    assert monitor["closed_on"] == "2016-04-01"


@pytest.mark.parametrize(("action", "bodies_after"), [("make_new", 1_020), ("accept", 1_016)])
async def test_whichever_file_comes_first_the_directory_is_the_same(
    people: People,
    shared_data: Path,
    bring: Bring,
    empty_again: Callable[[], Awaitable[None]],
    action: str,
    bodies_after: int,
) -> None:
    staff, directories = await people.as_("staff"), list[Any]()
    for in_order in (files(shared_data), files(shared_data)[::-1]):
        await empty_again()
        for file, name in in_order:
            await bring(file, name)
        await decide(staff, action)
        directories.append(shape(await bodies(staff)))

    assert directories[0] == directories[1]
    assert len(directories[0]) == bodies_after

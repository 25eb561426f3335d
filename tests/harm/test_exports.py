"""Every list of every audience as a file: what its pages show to that caller and nothing else, in the same order.

The lists are those of the access table, the world is the planted one: what is hidden from a page is in no export.
"""

import json
from collections import defaultdict

import pytest

from gateway import operations
from gateway.development import PERSONAS
from shared.access import Operation
from tests.exports.reading import ACCEPT, Leaves, is_same, leaves, rows
from tests.harm.conftest import Walks
from tests.harm.crawl import Crawl
from tests.people import Actor, People

LISTS = [row for row in operations.table(with_development=True).operations.values() if row.is_list]
#: Nobody, and personas who together read every list.
READERS = ["", "head", "staff", "complaints-officer", "data-protection-officer"]
#: Lists of which neither the country nor the planting has a row.
EMPTY = {
    "npm.list_external_visits", "public.list_reports", "npm.list_place_matches", "npm.list_authority_matches",
    "npm.list_addressee_matches",
}  # fmt: skip
READERS += [name for name, persona in PERSONAS.items() if persona.audience_class in ("authority", "partner", "expert")]


def pages(crawl: Crawl) -> dict[str, list[Leaves]]:
    """Give what the pages of each list showed, all pages of a list together."""
    listed: dict[str, list[Leaves]] = defaultdict(list)
    templates = {row.path.removeprefix("/v1") for row in LISTS if row.audience == crawl.audience}
    for path, answer in crawl.answers.items():
        if answer.status == 200 and crawl.asked[path] in templates:
            listed[path.partition("?")[0]] += [leaves(item) for item in json.loads(answer.body)["items"]]
    return listed


def row_of(crawl: Crawl, path: str) -> Operation:
    template = f"/v1{crawl.asked.get(path) or crawl.asked[f'{path}?limit=100']}"
    [row] = [row for row in LISTS if row.path == template]
    return row


async def differing(actor: Actor, crawl: Crawl, form: str) -> tuple[dict[str, str], set[str]]:
    """Name the lists whose export is not what its pages showed, and those with rows; never with what stands there."""
    wrong, filled = {}, set()
    for path, items in pages(crawl).items():
        row = row_of(crawl, path)
        answer = await actor.get(path, headers={"Accept": ACCEPT[form], "X-Access-Purpose": "case_handling"})
        if not row.export:
            if answer.status_code != 406:
                wrong[path] = f"{answer.status_code} and not 406"
            continue
        exported = rows(answer.content, form) if answer.status_code == 200 else []
        if answer.status_code != 200 or len(exported) != len(items):
            wrong[path] = f"{answer.status_code}, {len(exported)} rows of {len(items)}"
        elif not all(map(is_same, exported, items)):
            wrong[path] = "other rows, or in another order"
        elif items:
            filled.add(row.key)
    return wrong, filled


@pytest.mark.parametrize("form", ACCEPT)
@pytest.mark.parametrize("name", READERS)
async def test_an_export_is_what_the_pages_show(people: People, walks: Walks, name: str, form: str) -> None:
    crawl = await walks.of(name)
    actor = await people.as_(name, step_up=True) if name else people.stranger()

    wrong, _filled = await differing(actor, crawl, form)

    assert wrong == {}


async def test_every_list_has_rows_to_export(people: People, walks: Walks) -> None:
    filled: set[str] = set()
    for name in READERS:
        actor = await people.as_(name, step_up=True) if name else people.stranger()
        filled |= (await differing(actor, await walks.of(name), "jsonl"))[1]

    assert {row.key for row in LISTS if row.export} - filled == EMPTY

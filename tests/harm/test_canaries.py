"""What is restricted is nowhere but where it belongs: a unique word in each field, and a search through all that is left.

Sealed (S4): narratives, persons with their numbers and contacts, a partner's answer and reason, reasons of the case: in no
table in clear. Confidential (S3): plans, notes, drafts, findings, what bodies tell each other: in its own tables alone.
"""

import pytest

from deploy.postgres.server import Server
from gateway.development import PERSONAS
from shared.settings import Settings
from tests.harm import refusals, search
from tests.harm.canaries import REFUSED, S3, S4, Canaries, forms
from tests.harm.conftest import Walks, World
from tests.people import People
from tests.shapes import logs_of

pytestmark = pytest.mark.usefixtures("used")
#: Loggers of the tests' own client, which runs in this process in the shape of one.
OF_THE_TEST = ("httpx", "httpcore")


@pytest.mark.requirement("R-G22")
async def test_what_is_sealed_is_in_no_table_and_what_is_confidential_in_its_own_alone(
    cluster: Server, world: World
) -> None:
    met: dict[str, set[str]] = {name: set() for name in world.canaries.planted}
    for table, rows in (await search.dumped(cluster)).items():
        for name in world.canaries.found_in(rows):
            met[name].add(table)

    planted = world.canaries.planted.values()
    assert {each.name: met[each.name] for each in planted if each.secrecy != S3 and met[each.name]} == {}
    strayed = {each.name: met[each.name] - each.tables for each in planted if each.secrecy == S3}
    assert {name: tables for name, tables in strayed.items() if tables} == {}
    # the positive control: what is kept in clear is found
    assert [each.name for each in planted if each.secrecy == S3 and not met[each.name]] == []


async def test_no_feed_carries_what_anybody_wrote(
    people: People, settings: Settings, cluster: Server, world: World
) -> None:
    feeds = await search.fed(people, settings, cluster)

    assert {source: world.canaries.found_in(told) for source, told in feeds.items()} == {name: set() for name in feeds}
    assert all(len(told) > 100 for told in feeds.values())


def test_no_key_file_and_no_ledger_holds_it(settings: Settings, world: World) -> None:
    found = {name: world.canaries.found_in(content) for name, content in search.filed(settings)}

    assert {name: canaries for name, canaries in found.items() if canaries} == {}
    assert found


def sealed(world: World, names: set[str]) -> set[str]:
    """Give those of some canaries that may lie in no clear text anywhere."""
    return {name for name in names if world.canaries.planted[name].secrecy != S3}


def test_a_backup_names_nobody(cluster: Server, world: World) -> None:
    found = {name: world.canaries.found_around(content) for name, content in search.backed_up(cluster)}

    assert {name: sealed(world, names) for name, names in found.items() if sealed(world, names)} == {}
    # the positive control: what is confidential and kept in clear is in the plain dumps
    assert len(set().union(*found.values())) >= 20


def test_neither_the_write_ahead_log_nor_the_servers_own_says_it(cluster: Server, world: World) -> None:
    found = {name: world.canaries.found_around(content) for name, content in search.beside_the_tables(cluster)}

    assert {name: sealed(world, names) for name, names in found.items() if sealed(world, names)} == {}
    assert found["log of the server"] == set()
    assert set().union(*found.values())


async def test_no_log_says_it(people: People, world: World, settings: Settings) -> None:
    if people.app is None:
        written = {path.name: path.read_bytes() for path in logs_of(settings)}
        assert {name: found for name, each in written.items() if (found := world.canaries.found_in(each))} == {}
        assert b'"event": "request"' in written["gateway.log"]
        return
    lines = [line for name, line in world.logged if not name.startswith(OF_THE_TEST)]

    assert world.canaries.found_in("\n".join(lines).encode()) == set()
    assert any("a22.gateway" in line for line in lines)


async def test_no_refusal_says_again_what_was_sent(world: World, used: refusals.Refused) -> None:
    found = {
        what: world.canaries.found_in(answer.content + str(answer.headers.multi_items()).encode())
        for what, answer in used.answers.items()
    }

    assert {what: canaries for what, canaries in found.items() if canaries} == {}


@pytest.mark.requirement("R-C14")
@pytest.mark.parametrize("name", ["", *PERSONAS])
async def test_an_answer_holds_it_for_its_readers_alone(world: World, walks: Walks, name: str) -> None:
    audience = PERSONAS[name].audience_class if name else "public"
    crawl = await walks.of(name)
    wrong: dict[str, set[str]] = {}

    for path, answer in crawl.answers.items():
        for canary in world.canaries.found_in(answer.body):
            planted = world.canaries.planted[canary]
            is_opened = planted.secrecy != S4 or path.endswith("/narrative")
            if not planted.may_read(name, audience) or not is_opened:
                wrong.setdefault(canary, set()).add(crawl.asked[path])

    assert wrong == {}


async def test_what_was_told_can_be_read_by_its_readers(world: World, walks: Walks) -> None:
    told = [each for each in world.canaries.planted.values() if "complaints-officer" in each.readers]
    crawl = await walks.of("complaints-officer")
    met = {name for answer in crawl.answers.values() for name in world.canaries.found_in(answer.body)}

    assert {each.name for each in told} - met == set()
    assert len(told) >= 10


def test_the_search_sees_what_is_hidden_in_another_form() -> None:
    canaries = Canaries()
    word = canaries.s4("control").encode()
    import_forms = [b"x" + word + b"y", word.upper(), *forms(word.decode())]

    assert all(canaries.found_in(b"before " + each + b" after") == {"control"} for each in import_forms)
    assert canaries.found_in(b"kanarienvogel without the rest") == set()


def test_every_class_has_canaries(world: World) -> None:
    classes = [each.secrecy for each in world.canaries.planted.values()]

    assert min(classes.count(secrecy) for secrecy in (S4, S3, REFUSED)) >= 20

"""An export is read out of one transaction, a few hundred rows at a time: it ends with its reader and never looks whole when it is not."""

import asyncio
import io
import socket
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
import pytest_asyncio
from python_calamine import load_workbook

from deploy.bench.system import FILL
from deploy.postgres.server import Server
from shared.errors import Unprocessable
from shared.exports.columns import Column
from shared.exports.formats import MOST_SHEET_ROWS, Workbook
from shared.settings import Settings
from tests.exports.conftest import ROWS
from tests.exports.reader import Reader
from tests.exports.reading import ACCEPT, rows
from tests.gateway.ended import Somebody, ended
from tests.people import Actor, People
from tests.waiting import eventually

MANY = 40_000
READING = """
SELECT count(*) FROM pg_stat_activity WHERE usename = 'visits_app' AND xact_start IS NOT NULL AND query LIKE '%row_to_json%'
"""
END = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE usename = 'visits_app' AND xact_start IS NOT NULL AND query LIKE '%row_to_json%'
"""


def reader(people: People, actor: Actor, form: str, path: str = "/npm/places", **more: str) -> Reader:
    if people.app is None:
        pytest.skip("the app runs in other processes")
    return Reader(people.app, actor, path, ACCEPT[form], **more)


async def test_rows_come_some_hundred_at_a_time(people: People, admin: asyncpg.Connection) -> None:
    staff = await people.as_("staff", step_up=True)

    async with reader(people, staff, "csv") as reading:
        chunks = await reading.rest()

    assert reading.is_whole
    assert len(chunks) == ROWS / 500
    assert max(map(len, chunks)) < 500 * 200
    assert len(rows(b"".join(chunks), "csv")) == ROWS


@pytest.mark.parametrize("form", ["csv", "jsonl"])
async def test_a_cursor_ends_with_its_reader(people: People, admin: asyncpg.Connection, form: str) -> None:
    staff = await people.as_("staff", step_up=True)

    async with reader(people, staff, form) as reading:
        await reading.chunk()
        during = await admin.fetchval(READING)
        await reading.leave()

    assert (during, await admin.fetchval(READING)) == (1, 0)
    assert not reading.is_whole


async def test_a_download_ends_with_the_access_of_its_reader(
    people: People, settings: Settings, admin: asyncpg.Connection
) -> None:
    somebody = Somebody(people, settings, "staff")

    async with reader(people, somebody.actor(step_up=True), "csv") as reading:
        await reading.chunk()
        during = await admin.fetchval(READING)
        await ended(people, "subject", somebody.claims["sub"], issuer=somebody.issuer, effect="blocked")
        # it takes nothing more, and is ended all the same
        began = asyncio.get_running_loop().time()
        await asyncio.wait({reading.task}, timeout=20)
        after = asyncio.get_running_loop().time() - began
        await reading.rest()

    assert (during, await admin.fetchval(READING)) == (1, 0)
    assert after < 5
    assert not reading.is_whole


async def test_a_workbook_that_nobody_waits_for_leaves_nothing(
    people: People, admin: asyncpg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    staff = await people.as_("staff", step_up=True)
    reading = reader(people, staff, "xlsx")
    beginning = asyncio.ensure_future(reading.__aenter__())
    await eventually(lambda: _has_files(tmp_path))

    await reading.leave()
    await beginning

    assert not await _has_files(tmp_path)
    assert await admin.fetchval(READING) == 0
    assert reading.status == 0


async def _has_files(folder: Path) -> bool:
    return await asyncio.to_thread(lambda: any(folder.iterdir()))


async def test_what_breaks_in_the_middle_does_not_look_whole(people: People, admin: asyncpg.Connection) -> None:
    staff = await people.as_("staff", step_up=True)

    async with reader(people, staff, "csv") as reading:
        await reading.chunk()
        await admin.fetchval(END)
        await reading.rest()
        await reading.task

    assert (reading.status, reading.is_whole) == (200, False)


async def test_a_workbook_that_breaks_is_a_problem(people: People, admin: asyncpg.Connection) -> None:
    staff = await people.as_("staff", step_up=True)
    reading = reader(people, staff, "xlsx")
    beginning = asyncio.ensure_future(reading.__aenter__())
    await eventually(lambda: admin.fetchval(END))

    await beginning
    body = b"".join(await reading.rest())
    await reading.task

    assert reading.status == 503
    assert b'"code":"unavailable"' in body


async def test_what_is_registered_meanwhile_is_not_in_it(people: People, admin: asyncpg.Connection) -> None:
    staff = await people.as_("staff", step_up=True)

    async with reader(people, staff, "jsonl") as reading:
        first = await reading.chunk()
        await staff.made("/npm/places", {"name": "Zz, the very last", "place_type": "prison"})
        content = first + b"".join(await reading.rest())

    assert len(rows(content, "jsonl")) == ROWS
    assert b"the very last" not in content


async def test_a_caller_has_few_exports_at_a_time_and_leaves_room_for_others(
    people: People, admin: asyncpg.Connection
) -> None:
    staff, head = await people.as_("staff", step_up=True), await people.as_("head", step_up=True)

    async with reader(people, staff, "csv"), reader(people, staff, "csv") as second:
        third = await staff.get("/npm/places", headers={"Accept": ACCEPT["csv"]})
        elsewhere = await head.get("/npm/places", headers={"Accept": ACCEPT["csv"]})
        page = await head.get("/npm/places")
        await second.leave()
        after = await staff.get("/npm/places", headers={"Accept": ACCEPT["csv"]})

    assert [third.status_code, elsewhere.status_code, page.status_code, after.status_code] == [429, 503, 200, 200]
    assert third.headers["Retry-After"] == elsewhere.headers["Retry-After"] == "10"


async def test_strangers_take_at_most_half_of_the_room(people: People, admin: asyncpg.Connection) -> None:
    stranger, staff = people.stranger(), await people.as_("staff", step_up=True)

    async with reader(people, stranger, "csv", "/public/places", address="192.0.2.1"):
        async with reader(people, stranger, "csv", "/public/places", address="192.0.2.2") as another:
            refused = another.status
        async with reader(people, staff, "csv") as reading:
            taken = reading.status

    assert (refused, taken) == (503, 200)


@pytest.mark.parametrize("form", ACCEPT)
async def test_it_streams_through_every_shape(people: People, admin: asyncpg.Connection, form: str) -> None:
    staff = await people.as_("staff", step_up=True)

    answer = await staff.get("/npm/places", headers={"Accept": ACCEPT[form]})

    assert len(rows(answer.content, form)) == ROWS


@pytest_asyncio.fixture
async def outside(people: People, admin: asyncpg.Connection, cluster: Server) -> AsyncIterator[httpx.AsyncClient]:
    """Fill the register with more than sockets hold between here and another process; gives a client that takes little at a time.

    The kernel lets a receive buffer grow to tens of megabytes, which would swallow the whole export: this one stays small.
    """
    if people.app is not None:
        pytest.skip("the app runs in this process")
    owner = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    await owner.execute(FILL, ROWS + 1, MANY)
    await owner.execute("UPDATE place SET region = repeat('far away ', 110)")
    await owner.close()
    staff = await people.as_("staff", step_up=True)
    headers = {"Authorization": f"Bearer {staff.token}", "Accept": ACCEPT["csv"]}
    slow = httpx.AsyncHTTPTransport(socket_options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)])
    async with httpx.AsyncClient(transport=slow, base_url=people.client.base_url, headers=headers) as client:
        yield client


# fails now and then in the midst of the whole suite and never by itself; until it is known why, it is asked for by name
@pytest.mark.long
async def test_who_leaves_takes_the_cursor_of_another_process_along(
    admin: asyncpg.Connection, outside: httpx.AsyncClient
) -> None:
    async with outside.stream("GET", "/v1/npm/places") as answer:
        first = await anext(answer.aiter_raw())
        await eventually(lambda: _is_reading(admin))

    await eventually(lambda: _is_over(admin))
    assert (answer.status_code, first[:9]) == (200, b"id,code,n")


async def test_what_breaks_in_another_process_does_not_look_whole(
    admin: asyncpg.Connection, outside: httpx.AsyncClient
) -> None:
    async def read_it() -> None:
        async with outside.stream("GET", "/v1/npm/places") as answer:
            async for _chunk in answer.aiter_raw():
                await admin.fetchval(END)

    with pytest.raises(httpx.RemoteProtocolError):
        await read_it()


async def _is_reading(admin: asyncpg.Connection) -> bool:
    return bool(await admin.fetchval(READING) == 1)


async def _is_over(admin: asyncpg.Connection) -> bool:
    return bool(await admin.fetchval(READING) == 0)


def test_a_sheet_that_cannot_hold_every_row_is_refused() -> None:
    book = Workbook([Column("a", ("a",))])
    book.add(["{}"] * (MOST_SHEET_ROWS - 1))

    with pytest.raises(Unprocessable):
        book.add(["{}"])
    book.discard()


def test_a_text_that_a_cell_cannot_hold_is_refused_and_one_that_just_fits_is_not() -> None:
    book = Workbook([Column("a", ("a",)), Column("b", ("b",))])
    book.add(['{"a": "' + "x" * 32_767 + '", "b": 123456789012345678}'])

    with pytest.raises(Unprocessable, match="row 2, column b"):
        book.add(['{"b": "' + "x" * 32_768 + '"}'])
    content = book.finished().read()
    book.discard()
    assert load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1] == [
        "x" * 32_767,
        "123456789012345678",
    ]

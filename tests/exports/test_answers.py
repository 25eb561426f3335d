"""An export as an answer: headers, filters and sorts, escapes, the journal, limits, and what it does when it breaks."""

import io
from pathlib import Path

import asyncpg
import pytest
from python_calamine import load_workbook

from deploy.postgres.server import Server
from tests.exports.reading import ACCEPT, is_same, leaves, rows
from tests.people import Actor, People
from tests.stakeholders.made import imported
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("empty")

NAMES = ["=1+1", "-House", '\'tis "quoted", with comma', "Über-Haus", "+49 House", "@home", "'=x"]


async def registered(people: People) -> Actor:
    """Register places with names that spreadsheets would calculate; gives staff with a strong login."""
    staff = await people.as_("staff", step_up=True)
    for at, name in enumerate(NAMES):
        region = "North" if at % 2 else "South"
        await staff.made("/npm/places", {"name": name, "place_type": "prison", "region": region, "capacity": at})
    return staff


def accept(form: str) -> dict[str, str]:
    return {"Accept": ACCEPT[form]}


@pytest.mark.parametrize("form", ACCEPT)
async def test_a_file_says_what_it_is_and_no_more(people: People, form: str) -> None:
    staff = await people.as_("staff", step_up=True)

    answer = await staff.get("/npm/visit-proposals", headers=accept(form))

    assert answer.headers["Content-Type"].partition(";")[0] == ACCEPT[form]
    name = answer.headers["Content-Disposition"].removeprefix('attachment; filename="').removesuffix('"')
    assert Path(name).suffix == f".{form}"
    assert name.startswith("visit-proposals-20")
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == ("no-store", "Accept")
    assert rows(answer.content, form) == []


async def test_a_page_says_that_there_are_other_forms(people: People) -> None:
    public = await people.stranger().get("/public/places")
    consents = await (await people.as_("head")).get("/npm/complaints")

    assert (public.headers["Vary"], consents.headers["Vary"]) == ("Accept", "Accept")
    assert public.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("form", ACCEPT)
@pytest.mark.parametrize("query", ["", "sort=-name", "region=North&sort=-code", "q=house", "place_type=police_station"])
async def test_filters_and_sorts_hold_as_on_the_pages(people: People, form: str, query: str) -> None:
    staff = await registered(people)
    shown = await staff.read(f"/npm/places?{query}&limit=100".replace("?&", "?"))

    answer = await staff.get(f"/npm/places?{query}", headers=accept(form))

    exported, items = rows(answer.content, form), [leaves(item) for item in shown["items"]]
    assert len(exported) == len(items)
    assert all(map(is_same, exported, items))


async def test_no_cell_begins_a_formula(people: People) -> None:
    staff = await registered(people)

    content = (await staff.get("/npm/places?sort=code", headers=accept("csv"))).content
    book = (await staff.get("/npm/places?sort=code", headers=accept("xlsx"))).content

    lines = content.decode().split("\r\n")
    assert [line.split(",", 2)[2].startswith(("\"'", "'")) for line in lines[1:3]] == [True, True]
    assert [row[2] for row in load_workbook(io.BytesIO(book)).get_sheet_by_index(0).to_python()[1:]] == NAMES
    assert b"<f>" not in book


async def test_a_mark_stands_first_only_where_it_is_asked_for(people: People) -> None:
    stranger = people.stranger()

    plain = await stranger.get("/public/places", headers={"Accept": "text/csv"})
    marked = await stranger.get("/public/places", headers={"Accept": "text/csv; bom=true"})

    assert marked.content == b"\xef\xbb\xbf" + plain.content
    assert plain.content.startswith(b"id,code,name")


@pytest.mark.parametrize("name", ["limit=5", "cursor=00", "count=exact"])
async def test_what_cuts_a_list_into_pages_is_refused(people: People, name: str) -> None:
    answer = await people.stranger().get(f"/public/places?{name}", headers=accept("csv"))

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{name.partition('=')[0]}"]


@pytest.mark.parametrize("query", ["q=x", "strange=1", "sort=capacity"])
async def test_a_wrong_filter_is_refused_as_on_a_page(people: People, query: str) -> None:
    staff = await people.as_("staff", step_up=True)

    page, export = [await staff.get(f"/npm/places?{query}", headers=each) for each in ({}, accept("csv"))]

    assert (page.status_code, export.status_code) == (422, 422)
    assert page.json()["errors"] == export.json()["errors"]


@pytest.mark.requirement("R-G10")
async def test_an_export_leaves_a_row_without_the_values_of_its_filters(people: People, cluster: Server) -> None:
    staff = await registered(people)
    official = await people.as_("authority-official")

    await staff.get("/npm/places?region=North&q=secret", headers=accept("csv"))
    await official.get("/authority/visits", headers=accept("jsonl"))
    await staff.get("/npm/places")

    connection = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    try:
        asked = "SELECT actor, operation, payload::text, leaves FROM journal WHERE action = 'visits.list.exported' ORDER BY seq DESC LIMIT 2"
        await eventually(lambda: connection.fetchval("SELECT NOT EXISTS (SELECT 1 FROM journal_queue)"))
        found = [tuple(row) for row in await connection.fetch(asked)]
    finally:
        await connection.close()
    assert found == [
        ("d5b9391a-54d8-445b-896a-bd7d9675b1ec", "authority.list_visits", '{"format": "jsonl", "filters": []}', False),
        ("e7a9502e-445d-45a0-ad56-07ad11b97980", "npm.list_places", '{"format": "csv", "filters": ["q", "region"]}', False),
    ]  # fmt: skip


async def test_hidden_and_absent_answer_alike(people: People) -> None:
    staff = await people.as_("staff", step_up=True)
    place = await staff.made("/npm/places", {"name": "House", "place_type": "prison"})
    path = f"/npm/places/{place['id']}/information"
    absent = path.replace(place["id"][:8], "00000000")

    answers = [await staff.get(each, headers=accept("csv")) for each in (path, absent)]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert answers[1].headers["Content-Type"] == "application/problem+json"


async def test_a_parent_row_of_an_import_is_a_list_in_one_cell(people: People) -> None:
    rows_sent = [{"row": "1", "line": 1, "name": "Above"}, {"row": "2", "line": 2, "name": "Below", "parents": ["1"]}]
    await imported(people, "authorities", *rows_sent)
    head = await people.as_("head", step_up=True)

    content = (await head.get("/npm/authorities", headers=accept("csv"))).content.decode()

    [below] = [row for row in rows(content.encode(), "csv") if row["name"] == "Below"]
    assert "parents[]" in content.split("\r\n")[0]
    assert [parent["name"] for parent in below["parents"]] == ["Above"]

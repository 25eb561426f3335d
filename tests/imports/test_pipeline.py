"""The whole way of a file: sent as it is, mapped elsewhere, put aside, taken in batches, reported; and what may go wrong on it."""

import json
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from python_calamine import load_workbook

from deploy.imports import sending
from deploy.imports.sending import Order
from deploy.postgres.server import Server
from shared.imports.problems import FileRefused
from tests.imports import workbooks
from tests.imports.conftest import HEADER, MAPPING, Bring, mapping_of
from tests.operations import finished, reported
from tests.people import Actor, People

pytestmark = pytest.mark.usefixtures("empty")
MadeUp = Callable[..., Path]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = {"Content-Type": "application/jsonl"}


async def head_of(people: People) -> Actor:
    return await people.as_("head", step_up=True)


async def sent(
    head: Actor, content: bytes, mapping: dict[str, Any] | None, query: str = "", **more: Any
) -> httpx.Response:
    parts: dict[str, Any] = {"file": ("register.csv", content)}
    if mapping is not None:
        parts["mapping"] = ("made-up.yaml", json.dumps(mapping).encode())
    return await head.send("POST", f"/npm/places/imports{query}", files=parts, **more)


def place(number: int, **changes: Any) -> dict[str, Any]:
    return {"row": str(number), "line": number, "name": f"Place {number}", "place_type": "prison", **changes}


async def rows_sent(head: Actor, rows: list[dict[str, Any]], query: str = "") -> httpx.Response:
    content = "\n".join(json.dumps(row) for row in rows)
    return await head.send("POST", f"/npm/places/imports?source=s&mapping=m{query}", content=content, headers=ROWS)


async def waiting_rows(cluster: Server) -> int:
    connection = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    try:
        return int(await connection.fetchval("SELECT count(*) FROM import_row"))
    finally:
        await connection.close()


async def test_a_workbook_comes_in_and_its_problems_name_sheet_and_cell(
    people: People, tmp_path: Path, bring: Bring
) -> None:
    file = workbooks.written(
        tmp_path / "r.xlsx", workbooks.HEADER, ("007", "North", "Prison", 500), ("8", "Vast", "Jail", 100_001)
    )

    outcome = await bring(file, mapping_of(format="xlsx"))

    assert (outcome.created, outcome.reported) == (1, 1)
    (problem,) = outcome.problems
    assert problem.sentence("r.xlsx").startswith("r.xlsx, sheet Register, row 3, column Beds (D3): not taken: ")
    (found,) = (await (await people.as_("staff")).read("/npm/places"))["items"]
    assert found["code"] == "made-up-007"


async def test_an_operation_tells_counts_and_first_problems_and_the_report_all_in_three_forms(people: People) -> None:
    head = await head_of(people)
    content = (HEADER + "1,North,Prison,500\n2,South,Castle,5\n3,HQ,Office,NA\n").encode()

    operation = await finished(head, await sent(head, content, MAPPING))

    path = operation["result"]["report"].removeprefix("/v1")
    assert (operation["kind"], operation["progress"]) == ("import_places", {"done": 2, "total": 2})
    assert [operation["result"][name] for name in ("rows", "created", "reported")] == [3, 1, 2]
    assert [each["code"] for each in operation["result"]["problems"]] == ["bad_value", "left_out"]
    text = await head.get(path, headers={"Accept": "text/plain"})
    assert text.text.splitlines()[0] == "register.csv, line 3, column Kind: expected one of Prison, Jail"
    book = await head.get(path, headers={"Accept": XLSX})
    assert load_workbook(BytesIO(book.content)).get_sheet_by_index(0).to_python()[1][0] == 3.0
    assert (await head.read(path))["is_finished"]


async def test_a_report_is_its_orderers_alone(people: People) -> None:
    head = await head_of(people)
    operation = await finished(head, await rows_sent(head, [place(1)]))
    sysadmin = await people.as_("deputy-head", step_up=True)
    own = f"/npm/places/imports/{operation['id']}/report"

    other_kind = await head.get(f"/npm/visits/imports/{operation['id']}/report")

    assert (await head.get(own)).status_code == 200
    assert (await sysadmin.get(own)).status_code in (403, 404)
    assert other_kind.status_code == 404


async def test_nothing_of_a_file_is_left_when_its_import_has_ended(people: People, cluster: Server) -> None:
    head = await head_of(people)

    await finished(head, await rows_sent(head, [place(1), place(2)]))
    await finished(head, await rows_sent(head, [place(1), place(2)], "&dry_run=true"))

    assert await waiting_rows(cluster) == 0


async def test_a_row_id_that_stands_twice_is_reported_across_batches(people: People) -> None:
    head = await head_of(people)
    rows = [place(number) for number in range(1, 1_101)]
    rows.append(place(1_101, row="7"))

    report = await reported(head, "places", await rows_sent(head, rows))

    assert (report["created"], report["reported"]) == (1_100, 1)
    assert [(each["line"], each["row"], each["code"]) for each in report["problems"]] == [(1_101, "7", "duplicate_row")]


@pytest.mark.parametrize("count", [1_010, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(600)])])
async def test_the_last_row_but_one_is_named_and_the_others_are_in(people: People, count: int) -> None:
    head = await head_of(people)
    rows = [place(number) for number in range(1, count + 1)]
    rows[count - 2]["capacity"] = "many"

    operation = await finished(head, await rows_sent(head, rows), seconds=500)

    report = operation["result"]
    assert (report["rows"], report["created"], report["reported"]) == (count, count - 1, 1)
    assert [(each["line"], each["field"]) for each in report["problems"]] == [(count - 1, "/capacity")]


async def test_the_same_key_orders_one_import_and_another_file_under_it_is_refused(people: People) -> None:
    head, key = await head_of(people), {"Idempotency-Key": "import-of-today"}
    content = (HEADER + "1,North,Prison,500\n").encode()

    first = await sent(head, content, MAPPING, headers=key)
    again = await sent(head, content, MAPPING, headers=key)
    other = await sent(head, content + b"2,South,Jail,5\n", MAPPING, headers=key)

    assert (first.status_code, again.status_code, again.json()["id"]) == (202, 202, first.json()["id"])
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("content", "changes", "code"),
    [
        (b"Id,Name,Kind\n1,North,Prison\n", {}, "missing_column"),
        (b"\xff\xfeI\0d\0", {}, "other_encoding"),
        (b"%PDF-1.7", {}, "other_format"),
        (HEADER.encode(), {}, "no_rows"),
        (b"", {}, "empty_file"),
        ((HEADER + "1,North,Prison,5\n").encode(), {"kind": "visits"}, "other_kind"),
        ((HEADER + "1,North,Prison,5\n").encode(), {"fields": {"name": {"columns": "Name"}}}, "bad_mapping"),
        ((HEADER + "1,North,Prison,5\n").encode(), {"format": "xlsx"}, "other_format"),
    ],
)
async def test_a_file_that_cannot_be_read_as_a_whole_is_refused_and_orders_nothing(
    people: People, content: bytes, changes: dict[str, Any], code: str
) -> None:
    head = await head_of(people)

    answer = await sent(head, content, {**MAPPING, **changes})

    told = answer.json()
    assert (answer.status_code, code in {told["code"], *(each["code"] for each in told["errors"])}) == (422, True)
    assert (await head.read("/npm/operations"))["items"] == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("?mapping=no-such-thing", "/mapping"), ("", "/mapping"), ("?mapping=b1-facilities&source=x", "/source")],
)
async def test_a_mapping_that_is_not_there_is_named(people: People, query: str, pointer: str) -> None:
    content = b"Facility_Code,Facility_Name,State\nBRO,BROOKLYN MDC,NY\n"

    answer = await sent(await head_of(people), content, None, query)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_shipped_mapping_is_named_in_the_query(people: People) -> None:
    head = await head_of(people)
    content = b"Facility_Code,Facility_Name,State\nBRO,BROOKLYN MDC,NY\n"

    report = await reported(head, "places", await sent(head, content, None, "?mapping=b1-facilities"))

    assert (report["created"], report["source"], report["mapping"]) == (1, "b1-facilities", "b1-facilities")


async def test_rows_of_our_own_fields_need_their_source_and_another_type_is_refused(people: People) -> None:
    head = await head_of(people)

    unnamed = await head.send("POST", "/npm/places/imports", content="{}", headers=ROWS)
    other = await head.send("POST", "/npm/places/imports", content="a,b", headers={"Content-Type": "text/csv"})
    strange = await head.send("POST", "/npm/places/imports", files={"data": ("a.csv", b"a,b\n")})

    assert [answer.status_code for answer in (unnamed, other, strange)] == [422, 415, 422]


async def test_lines_that_are_no_rows_are_reported_with_their_number(people: People) -> None:
    head = await head_of(people)
    content = b"\n".join([json.dumps(place(1)).encode(), b"{", b'{"row": "\xff"}', b"[]", b"", b'{"row": "\\u0000"}'])

    answer = await head.send("POST", "/npm/places/imports?source=s&mapping=m", content=content, headers=ROWS)

    report = await reported(head, "places", answer)
    assert (report["created"], report["reported"]) == (1, 4)
    assert {each["line"] for each in report["problems"]} == {2, 3, 4, 6}


async def test_a_file_of_two_gigabytes_is_refused_before_it_is_read(people: People, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.touch()
    os.truncate(file, 2_000_000_000)

    with pytest.raises(FileRefused, match="at most 200 MB"):
        await sending.send(people.client, _never, file, mapping_of(), Order())


async def _never() -> str:
    raise AssertionError("nothing is to be sent")


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_pattern_that_never_ends_holds_up_nobody_else(people: People) -> None:
    head = await head_of(people)
    endless = {"column": "Name", "patterns": [{"matches": "^(a+)+$", "gives": "x"}], "otherwise": "prison"}
    content = f"{HEADER}1,{'a' * 60}!,Prison,5\n".encode()

    answer = await sent(head, content, {**MAPPING, "fields": {"name": "Name", "place_type": endless}})

    assert (answer.status_code, answer.json()["code"]) == (422, "too_much_work")

"""Grievances as complaints of former years, by the mapping a user would write: made-up rows, and the real file when asked for."""

import csv
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.complaints.other_bodies.rules import US_PRISON_GRIEVANCES, answer_due_on
from tests.imports.conftest import Bring
from tests.imports.test_partner import ROW
from tests.people import Actor, People
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("empty")
MAPPING, PLACES = "b1-bop-grievances", "b1-facilities"
COLUMNS = (*ROW, "CDOFCRCV")


def records(*rows: dict[str, str]) -> str:
    lines = [",".join({**ROW, "CDOFCRCV": "BRO", **row}[name] for name in COLUMNS) for row in rows]
    return "\n".join([",".join(COLUMNS), *lines])


async def listed(head: Actor, query: str = "") -> list[dict[str, Any]]:
    found, cursor = [], ""
    while True:
        page = await head.read(f"/npm/complaints?limit=100{query}{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def places_known(bring: Bring, probe: Path, rows: int) -> Callable[[], Awaitable[bool]]:
    """Ask by a dry run whether the places have come over to the complaints."""

    async def are_known() -> bool:
        return (await bring(probe, MAPPING, dry_run=True)).created == rows

    return are_known


async def test_made_up_records_come_in_once_with_what_the_other_body_says(
    people: People, made_up: Callable[..., Path], bring: Bring
) -> None:
    head = await people.as_("head", step_up=True)
    await bring(made_up("Facility_Code,Facility_Name,State\nBRO,BROOKLYN MDC,NY\nOTV,OTISVILLE FCI,NY\n"), PLACES)
    file = made_up(
        records(
            {},
            {"CASENBR": "2", "CDSTATUS": "REJ", "sdtdue": "", "cdsub1cb": "26M", "CDOFCRCV": "MXR", "CDFCLRCV": "ZZZ"},
            {"CASENBR": "3", "CDSTATUS": "ACC", "subcount": "1"},
            {"CASENBR": "4", "CDFCLEVN": "ZZZ"},
            {"CASENBR": "5", "sdtdue": "2025-02-30"},
        ),
        "grievances.csv",
    )
    await eventually(places_known(bring, file, 3), seconds=30)

    first, second = await bring(file, MAPPING), await bring(file, MAPPING)

    assert (first.total, first.created, first.reported) == (5, 3, 2)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 3)
    assert {(each.line, each.column) for each in first.problems} == {(5, "place_id"), (6, "sdtdue")}
    (answered,) = await listed(head, "&is_other_body_timely=true")
    shown = await head.read(f"/npm/complaints/{answered['id']}")
    assert shown["other_body"] == {
        "reference": "900001", "level": "F", "received_on": "2026-02-01", "due_on": "2026-02-21", "extended": False,
        "answered_on": "2026-02-20", "status": "denied", "status_reasons": ["DNY"], "earlier_submissions": 2,
    }  # fmt: skip
    assert (shown["place"]["name"], shown["present_place"]["name"]) == ("BROOKLYN MDC", "OTISVILLE FCI")
    assert (shown["origin"], shown["state"], shown["themes"]) == ("imported", "closed", ["conduct_and_accountability"])
    (unmapped,) = await listed(head, "&other_body_status=rejected")
    note = (await head.read(f"/npm/complaints/{unmapped['id']}"))["imported_from"]["note"]
    assert (unmapped["themes"], note) == ([], {"subject_code": "26M", "receiving_office": "MXR"})


@pytest.mark.long
@pytest.mark.timeout(3_600)
async def test_the_real_records_come_in_once_and_say_what_the_file_says(
    people: People, shared_data: Path, bring: Bring, tmp_path: Path
) -> None:
    folder = shared_data / "B1-bop-grievances-ny"
    file = folder / "NY_UniqueComplaintsEnriched.csv"
    head = await people.as_("head", step_up=True)
    await bring(folder / "facility_codes.csv", PLACES)
    probe = tmp_path / file.name
    probe.write_text("\n".join(file.read_text(encoding="utf-8").splitlines()[:1_001]), encoding="utf-8")
    await eventually(places_known(bring, probe, 1_000), seconds=120)

    first, second = await bring(file, MAPPING), await bring(file, MAPPING)

    assert (first.total, first.created, first.reported) == (26_119, 26_119, 0)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 26_119)
    found = await listed(head)
    assert Counter(each["is_other_body_timely"] for each in found) == {True: 11_741, False: 3_009, None: 11_369}
    assert Counter(each["place"]["name"] for each in found)["BROOKLYN MDC"] == 10_263
    assert sum(not each["themes"] for each in found) == 4
    statistics = (await head.read("/npm/complaint-statistics?by=state"))["cells"]
    assert sum(each["n"] for each in statistics) == 26_119


def test_the_rule_of_the_levels_gives_every_due_day_of_the_file(shared_data: Path) -> None:
    file = shared_data / "B1-bop-grievances-ny" / "NY_UniqueComplaintsEnriched.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["sdtdue"]]

    extended = Counter[tuple[str, bool]]()
    for row in rows:
        received, due = date.fromisoformat(row["sitdtrcv"]), date.fromisoformat(row["sdtdue"])
        allowed = US_PRISON_GRIEVANCES[row["ITERLVL"]]
        days = {is_extended: answer_due_on(received, allowed, is_extended=is_extended) for is_extended in (False, True)}
        assert due in days.values(), row["CASENBR"]
        extended[row["ITERLVL"], due == days[True]] += 1

    assert len(rows) == 14_856
    assert extended == {
        ("F", False): 5_968, ("F", True): 1_674, ("R", False): 3_550, ("R", True): 501, ("A", False): 498, ("A", True): 2_665,
    }  # fmt: skip

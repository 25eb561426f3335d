"""Coroners' reports in a made-up file of the real one's shape: names as written, counted replies, impossible days."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.imports.conftest import Bring
from tests.imports.coroners import changed_by_merging, reference, reports
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")

HEADER = "Status,Date added,Date of report,Ref,Coroner area,Category,Sent to,Sent to count,Replies count,Days overdue,Days left\n"
ROWS = (
    "completed,22/03/2022,18/03/2022,2022-0001,North,Other related deaths,Board | Office,2,3,,",
    "partial,08/02/2024,06/02/2024,2024-0002,North,State Custody related deaths | Suicide (from 2015),Board | Board,2,1,485,",
    "partial,08/02/2024,06/02/2024,2024-0003,East,Police related deaths | Mental Health related deaths,Board | Board | Office,3,1,485,",
    "overdue,13/09/2019,12/07/2019,,South,Other related deaths,REDACTED,1,0,2155,",
    "overdue,13/09/2019,12/07/2019,,South,Other related deaths,REDACTED,1,0,2155,",
    "completed,13/09/2019,12/07/2019,,South,Other related deaths,REDACTED,1,1,,",
    "pending,05/06/2025,05/06/2025,2025 – 0007,South,Other related deaths,Caf\u00e9\u00a0Board,1,0,,0",
    "overdue,05/06/2025,04/06/2025,2025-0008,South,Other related deaths,Board,1,0,1,",
    "pending,13/02/2025,17/12/2025,2025-0080,South,Other related deaths,Board,1,0,,195",
)
FILE = HEADER + "\n".join(ROWS) + "\n"
MadeUp = Callable[..., Path]


async def test_status_and_days_overdue_come_out_as_the_file_has_them(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    file, staff = made_up(FILE), await people.as_("staff")

    first, second = await bring(file, "c2-uk-coroners"), await bring(file, "c2-uk-coroners")

    found = await reports(staff, "&origin=imported")
    told = Counter((reference(each), each["reported_outcome"]["status"], each["reported_outcome"]["days_overdue"]) for each in found)  # fmt: skip
    assert (first.created, first.reported, second.unchanged, second.changed) == (9, 0, 9, 0)
    assert told == Counter(
        [
            ("2022-0001", "completed", None),
            ("2024-0002", "partial", 485),
            ("2024-0003", "partial", 485),
            ("South", "overdue", 2155),
            ("South", "overdue", 2155),
            ("South", "completed", None),
            ("2025 – 0007", "pending", None),
            ("2025-0008", "overdue", 1),
            ("2025-0080", "pending", None),
        ]
    )
    assert changed_by_merging(found) == ["2024-0002"]
    assert [reference(each) for each in await reports(staff, "&reported_status=partial")].count("2024-0003") == 1
    assert len(await reports(staff, "&reported_status=partial&reported_status=completed")) == 4


async def test_addressees_stand_exactly_as_written_and_nothing_is_made_an_answer(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    await bring(made_up(FILE), "c2-uk-coroners")
    staff = await people.as_("staff")

    found = {reference(each): each for each in await reports(staff)}
    whole = await staff.read(f"/npm/recommendations/{found['2024-0003']['id']}")

    assert [each["name"] for each in whole["written_addressees"]] == ["Board", "Board", "Office"]
    assert [each["name"] for each in found["2025 – 0007"]["written_addressees"]] == ["Caf\u00e9\u00a0Board"]
    assert (whole["addressees"], whole["claims"], whole["is_overdue"], whole["next_due_on"]) == ([], [], False, None)
    assert (whole["theme"], whole["more_themes"]) == ("deaths_and_self_harm", ["mental_health"])
    assert whole["import_note"]["categories"] == ["Police related deaths", "Mental Health related deaths"]
    assert (found["2022-0001"]["theme"], whole["origin"]) == (None, "imported")
    assert (await staff.read("/npm/responses"))["items"] == []
    assert await reports(staff, "&origin=native") == []
    names = (await staff.read("/npm/addressee-matches?state=open&sort=-uses"))["items"]
    assert [(each["name"], each["uses"]) for each in names][:2] == [("Board", 5), ("REDACTED", 3)]
    assert len(names) == 4


async def test_a_day_that_cannot_be_is_taken_reported_and_noted(people: People, made_up: MadeUp, bring: Bring) -> None:
    outcome = await bring(made_up(FILE), "c2-uk-coroners")

    staff = await people.as_("staff")
    found = {reference(each): each for each in await reports(staff)}
    noted = (await staff.read(f"/npm/recommendations/{found['2025-0080']['id']}"))["import_note"]
    assert {(problem.line, problem.column, problem.code) for problem in outcome.problems} == {(10, "Date of report", "doubtful")}  # fmt: skip
    assert outcome.problems[0].expected.startswith("taken, but doubtful: ")
    assert (len(noted["doubts"]), noted["recorded_on"]) == (2, "2025-02-13")
    assert found["2025-0080"]["transmitted_on"] == "2025-12-17"


async def test_replies_that_come_in_later_change_the_row_and_make_no_other(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    await bring(made_up(FILE), "c2-uk-coroners")

    outcome = await bring(made_up(FILE.replace("Board,1,0,1,", "Board,1,1,,")), "c2-uk-coroners")

    found = await reports(await people.as_("staff"))
    assert (outcome.created, outcome.changed, outcome.unchanged, len(found)) == (0, 1, 8, 9)
    (report,) = [each for each in found if reference(each) == "2025-0008"]
    assert (report["reported_outcome"]["status"], report["reported_outcome"]["replies_count"]) == ("completed", 1)

"""The coroners' reports themselves (C2): the file's own status and days are the judge of our rule, read back from the API."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.imports.conftest import Bring
from tests.imports.coroners import changed_by_merging, reference, reports
from tests.people import People

pytestmark = [pytest.mark.usefixtures("empty"), pytest.mark.timeout(600), pytest.mark.long]

#: The reports whose status changes when an addressee that is written several times counts once.
MERGED = """2014-0473 2014-0499 2015-0018 2016-0251 2017-0017 2019-0157 2019-0174 2019-0214 2019-0222 2019-0504 2020-0115 2020-0155
2021-0376 2022-0015 2022-0135 2022-0418 2023-0398 2023-0489 2023-0522 2024-0200 2024-0267 2024-0442 2024-0484 2024-0552
2025-0077""".split()


def told_by_the_file(file: Path) -> Counter[Any]:
    """Give what the file itself says of each report: reference, day, names, replies, status, days overdue."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return Counter(
            (
                row["Ref"] or row["Coroner area"].partition(",")[0],
                "-".join(reversed(row["Date of report"].split("/"))),
                tuple(row["Sent to"].split(" | ")),
                int(row["Replies count"]),
                row["Status"],
                int(row["Days overdue"]) if row["Days overdue"] else None,
            )
            for row in csv.DictReader(lines)
        )


def told_by_the_api(report: dict[str, Any]) -> tuple[Any, ...]:
    outcome = report["reported_outcome"]
    names = tuple(each["name"] for each in report["written_addressees"])
    replied = (outcome["replies_count"], outcome["status"], outcome["days_overdue"])
    return (reference(report), report["transmitted_on"], names, *replied)


async def test_the_status_is_the_files_in_all_reports_and_25_change_when_merged(
    people: People, shared_data: Path, bring: Bring
) -> None:
    file, staff = shared_data / "C2-uk-pfd-response-status" / "pfd_reports_status.csv", await people.as_("staff")

    first, second = await bring(file, "c2-uk-coroners"), await bring(file, "c2-uk-coroners")

    assert (first.total, first.created, first.reported) == (5_830, 5_830, 0)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 5_830)
    assert len({problem.line for problem in first.problems}) == 34
    found = await reports(staff)
    assert Counter(map(told_by_the_api, found)) == told_by_the_file(file)
    outcomes = [each["reported_outcome"] for each in found]
    assert Counter(each["status"] for each in outcomes) == {"completed": 3_454, "overdue": 1_488, "partial": 802, "pending": 86}  # fmt: skip
    assert sum(each["days_overdue"] is not None for each in outcomes) == 2_290
    assert changed_by_merging(found) == MERGED
    assert len(MERGED) == 25
    counts = {status: (await staff.read(f"/npm/recommendations?count=exact&limit=1&reported_status={status}"))["count"] for status in ("completed", "partial", "overdue", "pending")}  # fmt: skip
    assert counts == {"completed": 3_454, "partial": 802, "overdue": 1_488, "pending": 86}
    names = await staff.read("/npm/addressee-matches?count=exact&state=open&limit=1&sort=-uses")
    assert names["count"] == 2_237
    assert (names["items"][0]["name"], names["items"][0]["uses"]) == ("Department of Health and Social Care", 787)
    assert (await staff.read("/npm/responses"))["items"] == []

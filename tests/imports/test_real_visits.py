"""The inspections of HIQA through the running system, counted at the API."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.imports.conftest import Bring
from tests.imports.test_real_files import listed
from tests.people import Actor, People

pytestmark = [pytest.mark.usefixtures("empty"), pytest.mark.timeout(600), pytest.mark.long]


async def visits(staff: Actor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await staff.read(f"/npm/visits?limit=100{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def are_consecutive(days: list[str]) -> bool:
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    return (last - first).days == len(days) - 1


async def test_f1_comes_in_with_centres_days_findings_and_histories(
    people: People, shared_data: Path, bring: Bring
) -> None:
    file, staff = shared_data / "F1-ie-hiqa-inspections" / "hiqa_reports.csv", await people.as_("staff")

    first = await bring(file, "f1-ie-hiqa")
    second = await bring(file, "f1-ie-hiqa")

    # five reports stand twice, alike in every cell
    assert (first.total, first.created, first.reported) == (3_445, 3_440, 5)
    assert {problem.code for problem in first.problems} == {"duplicate_row"}
    assert (second.created, second.changed, second.unchanged) == (0, 0, 3_440)
    centres = [await staff.read(f"/npm/places/{place['id']}") async for place in listed(staff)]
    assert len(centres) == 1_358
    assert sum(len({each["text"] for each in centre["names"]}) > 1 for centre in centres) == 73
    assert sum(len({each["text"] for each in centre["operators"]}) > 1 for centre in centres) == 153
    made = await visits(staff)
    assert {visit["origin"] for visit in made} == {"imported"}
    assert Counter(visit["announcement"] for visit in made) == {
        "unannounced": 1_678, "short_notice": 972, "announced": 790,
    }  # fmt: skip
    full = [await staff.read(f"/npm/visits/{visit['id']}") for visit in made]
    several = [visit["days"] for visit in full if len(visit["days"]) > 1]
    assert (len(several), sum(not are_consecutive(days) for days in several)) == (96, 11)
    assert sum(visit["places"][0]["people_present"] is None for visit in full) == 89


async def test_f1_grades_what_was_assessed_and_nothing_else(people: People, shared_data: Path, bring: Bring) -> None:
    file, staff = shared_data / "F1-ie-hiqa-inspections" / "hiqa_reports.csv", await people.as_("staff")
    await bring(file, "f1-ie-hiqa")

    found: Counter[str] = Counter()
    for visit in await visits(staff):
        page = await staff.read(f"/npm/visits/{visit['id']}/findings?limit=100")
        found.update(finding["grade"] for finding in page["items"])

    assert found == {"compliant": 29_381, "substantially_compliant": 8_531, "not_compliant": 4_398}

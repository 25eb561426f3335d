"""Counts of complaints: right at once for who works on them, by the last run for everybody else."""

from typing import Any

import pytest

from tests.complaints import cast
from tests.people import Actor, People

pytestmark = pytest.mark.usefixtures("empty")


async def counted(actor: Actor, by: str = "theme") -> dict[tuple[str, str], Any]:
    shown = await actor.read(f"/npm/complaint-statistics?by={by}")
    return {(each["key"], each["quarter"]): each["n"] for each in shown["cells"]}


FORCE, FOOD = "use_of_force_and_weapons", "food_and_water"


async def test_counts_follow_what_comes_in_and_what_changes(people: People) -> None:
    place = await cast.known_place(people)
    head = await people.as_("head", step_up=True)
    rows = [cast.row(number, place["id"]) for number in range(1, 6)]
    await cast.imported(head, rows)
    before = await counted(head)

    await cast.imported(head, [{**rows[0], "themes": [FOOD]}, {**rows[1], "received_on": "2025-01-05"}, *rows[2:]])

    assert before == {(FORCE, "2026-Q4"): 5}
    assert await counted(head) == {(FORCE, "2026-Q4"): 3, (FORCE, "2025-Q1"): 1, (FOOD, "2026-Q4"): 1}
    assert await counted(head, "place_type") == {("remand_prison", "2026-Q4"): 4, ("remand_prison", "2025-Q1"): 1}


async def test_a_run_counts_the_same_and_others_read_only_what_it_counted(people: People) -> None:
    place = await cast.known_place(people)
    head, analyst = await people.as_("head", step_up=True), await people.as_("staff")
    await cast.imported(head, [cast.row(number, place["id"]) for number in range(1, 6)])
    unseen = await counted(analyst)

    await head.made("/npm/analysis-runs", None)
    await cast.imported(head, [cast.row(6, place["id"])])

    assert unseen == {}
    assert await counted(analyst) == {(FORCE, "2026-Q4"): 5}
    assert await counted(head) == {(FORCE, "2026-Q4"): 6}

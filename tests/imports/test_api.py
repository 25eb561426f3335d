"""Imports through the running system: what is taken, what is reported, what a second run does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.imports import profiles, sending
from deploy.imports.sending import Order, Refused
from tests.imports.conftest import HEADER, Bring, mapping_of
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")
MadeUp = Callable[..., Path]

FILE = HEADER + "1,North,Prison,500\n2,ALL JAILS,Jail,NA\n3,Nowhere,NA,NA\n4,HQ,Office,NA\n5,Vast,Prison,100001\n"


async def counted(people: People, query: str = "") -> int:
    shown = await (await people.as_("staff")).read(f"/npm/places?count=exact&limit=1{query}")
    return int(shown["count"])


async def only(people: People, name: str) -> dict[str, Any]:
    staff = await people.as_("staff")
    (found,) = (await staff.read(f"/npm/places?q={name}"))["items"]
    return await staff.read(f"/npm/places/{found['id']}")


async def test_rows_are_taken_or_reported_with_line_and_column(people: People, made_up: MadeUp, bring: Bring) -> None:
    outcome = await bring(made_up(FILE), mapping_of())

    assert (outcome.total, outcome.created, outcome.reported, outcome.is_whole) == (5, 3, 2, True)
    assert [(problem.line, problem.column) for problem in outcome.problems] == [(5, "Kind"), (6, "Beds")]
    assert await counted(people) == 3


async def test_doubtful_and_unknown_places_wait_unverified(people: People, made_up: MadeUp, bring: Bring) -> None:
    await bring(made_up(FILE), mapping_of())

    assert (await counted(people, "&status=unverified"), await counted(people, "&status=in_use")) == (2, 1)
    assert (await only(people, "JAILS"))["import_note"]["doubt"] == "many places"


async def test_a_second_run_changes_nothing(people: People, made_up: MadeUp, bring: Bring) -> None:
    await bring(made_up(FILE), mapping_of())
    before = await only(people, "North")

    outcome = await bring(made_up(FILE), mapping_of())

    assert (outcome.created, outcome.changed, outcome.unchanged, outcome.reported) == (0, 0, 3, 2)
    assert await only(people, "North") == before


async def test_a_row_that_differs_changes_its_place_alone(people: People, made_up: MadeUp, bring: Bring) -> None:
    await bring(made_up(FILE), mapping_of())

    outcome = await bring(made_up(FILE.replace("500", "450")), mapping_of())

    assert (outcome.changed, outcome.unchanged) == (1, 2)
    assert (await only(people, "North"))["capacity"] == 450


async def test_a_dry_run_counts_and_keeps_nothing(people: People, made_up: MadeUp, bring: Bring) -> None:
    outcome = await bring(made_up(FILE), mapping_of(), dry_run=True)

    assert (outcome.created, outcome.reported) == (3, 2)
    assert await counted(people) == 0


async def test_all_or_nothing_keeps_nothing_when_the_api_finds_a_row_bad(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    outcome = await bring(made_up(FILE), mapping_of(), all_or_nothing=True)

    assert (outcome.taken, outcome.reported, outcome.held_back, outcome.is_whole) == (0, 2, 3, False)
    assert await counted(people) == 0


async def test_all_or_nothing_sends_nothing_when_a_row_cannot_be_read(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    outcome = await bring(
        made_up(HEADER + "1,North,Prison,500\n2,South,Jail,many\n"), mapping_of(), all_or_nothing=True
    )

    assert (outcome.taken, outcome.reported, outcome.held_back) == (0, 1, 1)
    assert await counted(people) == 0


async def test_all_or_nothing_takes_a_good_file_in_spite_of_rows_left_out(made_up: MadeUp, bring: Bring) -> None:
    outcome = await bring(made_up(HEADER + "1,North,Prison,5\n2,HQ,Office,NA\n"), mapping_of(), all_or_nothing=True)

    assert (outcome.taken, outcome.reported, outcome.is_whole) == (1, 1, True)


async def test_more_rows_than_a_batch_and_the_line_of_a_late_one(people: People, made_up: MadeUp, bring: Bring) -> None:
    many = "".join(f"{number},Place {number},Prison,{number}\n" for number in range(1, 1_102))

    outcome = await bring(made_up(HEADER + many + "1102,Vast,Prison,100001\n"), mapping_of())

    assert (outcome.created, outcome.reported) == (1_101, 1)
    assert [(problem.line, problem.column, problem.row) for problem in outcome.problems] == [(1_103, "Beds", "1102")]
    assert await counted(people) == 1_101


async def test_the_place_says_where_it_comes_from(people: People, made_up: MadeUp, bring: Bring) -> None:
    await bring(made_up(FILE), mapping_of())

    shown = await only(people, "North")

    assert (shown["origin"], shown["imported_from"]) == ("imported", {"source": "made-up", "row": "1"})


@pytest.mark.parametrize(("persona", "step_up"), [("head", False), ("staff", True), ("authority-official", True)])
async def test_who_may_not_import_gets_one_sentence(
    people: People, made_up: MadeUp, persona: str, step_up: bool
) -> None:
    actor = await people.as_(persona, step_up=step_up)

    async def token() -> str:
        return str(actor.token)

    with pytest.raises(Refused, match="refused the import with 40"):
        await sending.send(people.client, token, made_up(FILE), mapping_of(), Order())


async def test_a_partners_profile_finds_the_places_of_a_register_by_their_row_ids(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    many = "".join(f"X{number},Place {number},Prison,1\n" for number in range(101))
    await bring(made_up(HEADER + many), mapping_of())
    await bring(made_up(HEADER + "X1,Elsewhere,Prison,5\n"), mapping_of(source="other", name="other"))
    staff = await people.as_("staff")

    async def token() -> str:
        return str(staff.token)

    body = await profiles.profile_body(people.client, token, partner_id="p", theme_map="b1-themes", source="made-up")

    assert [each["code"] for each in body["place_codes"]] == sorted(f"X{number}" for number in range(101))
    shown = {each["code"]: each["place_id"] for each in body["place_codes"]}
    assert (await staff.read(f"/npm/places/{shown['X7']}"))["name"] == "Place 7"
    assert {"code": "34F", "theme": "torture_and_ill_treatment"} in body["theme_map"]

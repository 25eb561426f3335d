"""Two lists of the same institutions, made up after the real ones: recognised, asked, dated, whichever comes first."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.imports.conftest import Bring
from tests.imports.directory import bodies, decide, shape, waiting
from tests.imports.test_authorities import bodies as listed
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")

HEADER = "government-organisation\tname\twebsite\tstart-date\tend-date\n"
SITE = "https://www.gov.example"
#: Office `culture` was renamed in the register, and `litigation` stands there under its old and its new name.
REGISTER = (
    ("D1", "Office justice", "justice", "1990-01-01", ""),
    ("D2", "OFFICE prisons", "prisons", "", "2017-04-01"),
    ("D3", "Office of Digital Culture", "culture", "", ""),
    ("D4", "Office litigation", "litigation", "", ""),
    ("D5", "Office courts", "courts", "", "2015-03"),
    ("D6", "Office lands", "lands", "", "2001-01-01"),
    ("D4", "Office Resolution", "litigation", "", ""),
)
TREE = {
    "justice": [],
    "culture": [],
    "prisons": ["justice", "culture"],
    "litigation": ["culture"],
    "courts": ["justice"],
    "fields": [],
}
MadeUp = Callable[..., Path]
Files = tuple[tuple[Path, str], tuple[Path, str]]


@pytest.fixture
def files(made_up: MadeUp) -> Files:
    rows = "\n".join("\t".join((row, name, f"{SITE}/{slug}", *days)) for row, name, slug, *days in REGISTER)
    tree = listed(**TREE).replace("https://gov.example/", f"{SITE}/government/organisations/")
    tree = tree.replace('"closed_at": "2014-03-31T00:00:00.000+01:00"', '"closed_at": null')
    register = made_up(HEADER + rows + "\n", "government-organisation.tsv")
    return (made_up(tree, "govuk_organisations.jsonl"), "d1-uk-government"), (register, "d1-uk-register")


async def in_order(bring: Bring, files: Files, *, is_register_first: bool) -> list[Any]:
    return [await bring(file, name) for file, name in (files[::-1] if is_register_first else files)]


@pytest.mark.parametrize("is_register_first", [False, True])
async def test_the_same_bodies_are_recognised_and_the_uncertain_are_asked(
    people: People, files: Files, bring: Bring, is_register_first: bool
) -> None:
    staff = await people.as_("staff")

    await in_order(bring, files, is_register_first=is_register_first)

    found, open_ones = await bodies(staff), await waiting(staff)
    assert (len(found), len(open_ones)) == (7, 2)
    assert {each["candidates"][0]["why"] for each in open_ones} == {"has the same website"}
    assert all(0 < each["candidates"][0]["score"] < 1 and len(each["candidates"]) == 1 for each in open_ones)
    closed = {each["name"]: each["closed_on"] for each in found if each["closed_on"]}
    assert closed == {"Office prisons": "2017-04-01", "Office lands": "2001-01-01"}
    (prisons,) = [each for each in found if each["name"] == "Office prisons"]
    whole = await staff.read(f"/npm/authorities/{prisons['id']}")
    assert [(each["source"], each["row"], each["name"]) for each in whole["entries"]] == [
        ("d1-uk-government", "prisons", "Office prisons"),
        ("d1-uk-register", "D2", "OFFICE prisons"),
    ]
    assert (whole["imported_from"]["source"], whole["former_names"]) == ("d1-uk-government", [])


@pytest.mark.parametrize("action", ["make_new", "accept"])
async def test_the_order_of_the_files_does_not_matter(
    people: People, files: Files, bring: Bring, empty_again: Callable[[], Any], action: str
) -> None:
    staff = await people.as_("staff")
    outcomes = []
    for is_register_first in (False, True):
        await empty_again()
        await in_order(bring, files, is_register_first=is_register_first)
        await decide(staff, action)
        outcomes.append(shape(await bodies(staff)))

    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0]) == {"make_new": 9, "accept": 7}[action]
    assert ("Office prisons", ["Office culture", "Office justice"]) in [(each[0], each[5]) for each in outcomes[0]]


@pytest.mark.parametrize("is_register_first", [False, True])
async def test_a_second_run_changes_nothing_and_reopens_nothing(
    people: People, files: Files, bring: Bring, is_register_first: bool
) -> None:
    staff = await people.as_("staff")
    await in_order(bring, files, is_register_first=is_register_first)
    waits = await in_order(bring, files, is_register_first=is_register_first)
    await decide(staff, "accept")
    before = shape(await bodies(staff))

    again = await in_order(bring, files, is_register_first=is_register_first)

    assert [(each.created, each.changed) for each in (*waits, *again)] == [(0, 0)] * 4
    assert (sum(each.waiting for each in waits), sum(each.reported for each in waits)) == (2, 0)
    assert {problem.code for each in waits for problem in each.problems} == {"waits"}
    assert [(each.reported, each.problems) for each in again] == [(0, [])] * 2
    assert sum(each.unchanged for each in again) == 13
    assert (shape(await bodies(staff)), await waiting(staff)) == (before, [])


async def test_an_accepted_body_keeps_the_other_name_and_a_dropped_row_makes_none(
    people: People, files: Files, bring: Bring
) -> None:
    staff = await people.as_("staff")
    await in_order(bring, files, is_register_first=False)
    found = {each["name"]: each for each in await waiting(staff)}
    culture, resolution = found["Office of Digital Culture"], found["Office Resolution"]

    accepted = await staff.done(
        f"/npm/authority-matches/{culture['id']}", "accept", candidate_id=culture["candidates"][0]["id"]
    )
    refused = await staff.act(f"/npm/authority-matches/{resolution['id']}", "drop")
    dropped = await staff.done(f"/npm/authority-matches/{resolution['id']}", "drop", reason="only a rename")
    late = await staff.act(f"/npm/authority-matches/{resolution['id']}", "make_new")

    whole = await staff.read(f"/npm/authorities/{accepted['authority']['id']}")
    assert (whole["name"], whole["former_names"]) == (
        "Office culture",
        [{"name": "Office of Digital Culture", "until": None}],
    )
    assert (refused.status_code, dropped["state"], late.status_code) == (422, "dropped", 409)
    assert len(await bodies(staff)) == 7


async def test_what_a_person_changed_stays_when_another_list_comes_in(
    people: People, files: Files, bring: Bring
) -> None:
    staff, (tree, register) = await people.as_("staff"), files
    await bring(*tree)
    (prisons,) = [each for each in await bodies(staff) if each["name"] == "Office prisons"]
    path = f"/npm/authorities/{prisons['id']}"
    changed = await staff.patch(path, {"competence": "Runs the prisons.", "name": "Prison Office"})

    await bring(*register)

    shown = await staff.read(path)
    assert changed.status_code == 200, changed.text
    assert (shown["name"], shown["competence"], shown["closed_on"]) == (
        "Prison Office",
        "Runs the prisons.",
        "2017-04-01",
    )


async def test_a_circle_over_a_decision_is_left_out(people: People, made_up: MadeUp, bring: Bring) -> None:
    outcome = await bring(made_up(listed(east=["west"], west=["south"], south=["east"]), "x.jsonl"), "d1-uk-government")

    staff = await people.as_("staff")
    assert [(problem.line, problem.code) for problem in outcome.problems] == [(3, "cycle")]
    assert [each["parents"] for each in await bodies(staff) if each["name"] == "Office south"] == [[]]

"""The page that says who may do what: every operation once for its audience, in sentences, and nothing that could run."""

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from gateway import access_page, operations
from shared.access import CONDITIONS, Action, Operation
from shared.roles import vocabulary
from tests.people import People

ROWS = operations.table(with_development=True).operations
EVERY = operations.table(with_development=True, with_inside=True).operations
OUTWARD = {key: row for key, row in ROWS.items() if row.audience != "service"}


@pytest.mark.requirement("R-G01")
async def test_the_page_has_every_operation_once_for_its_audience_and_nothing_of_the_inside(people: People) -> None:
    answer = await people.client.get("/docs/access")

    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == access_page.POLICY
    assert Counter(re.findall(r'<li id="([^"]+)"', answer.text)) == Counter(OUTWARD.keys())
    sections = dict(zip(*[iter(re.split(r'<h2 id="(\w+)">', answer.text)[1:])] * 2, strict=True))
    for audience, text in sections.items():
        assert {key.split(".")[0] for key in re.findall(r'<li id="([^"]+)"', text)} == {audience}
    inside = [row for row in EVERY.values() if row.inside or row.audience == "service"]
    assert inside
    assert [row.key for row in inside if f"({row.operation})" in answer.text] == []
    assert not re.search(r"<(script|style|link|img|iframe|form|svg)|\son\w+=|javascript:", answer.text)


def test_a_sentence_says_who_on_which_condition_and_with_what() -> None:
    said = access_page.sentence(OUTWARD["npm.get_complaint_narrative"])

    assert said == (
        "The head or a complaints officer may read the complaint narrative (get_complaint_narrative), for complaints to which the "
        "person is assigned (the head: all), never where the person is complained of, after a strong login of the last ten "
        "minutes (a complaints officer without it), saying why, and each reading is journaled before anything is shown."
    )
    assert access_page.sentence(OUTWARD["public.list_places"]).startswith("Anybody may list the places (list_places)")
    assert "a member whom the decision matrix names" in access_page.sentence(OUTWARD["npm.put_decision_matrix"])
    row = OUTWARD["npm.transition_assessment"]
    assert "a second person does" in access_page.sentence(row)
    approve = next(number for number, each in enumerate(row.actions) if each.action == "approve")
    assert access_page.action_sentence(row, approve) == (
        "The head or a member whom the decision matrix names may approve, while it is proposed."
    )


@pytest.mark.parametrize("flag", ["step_up", "purpose", "journal_read", "two_persons", "bulk", "export"])
def test_every_flag_has_its_words(flag: str) -> None:
    row = Operation(operation="get_thing", audience="npm", scopes=("visits:places.read",), object="institution")

    flagged: Any = {flag: True}

    assert access_page.sentence(replace(row, **flagged)) != access_page.sentence(row)


def test_every_condition_and_role_has_its_words() -> None:
    assert access_page.CONDITIONS.keys() == CONDITIONS
    assert access_page.ROLES.keys() == vocabulary().roles.keys() - {"public"}
    assert len({text for text in access_page.CONDITIONS.values() if text}) == len(CONDITIONS) - 1


def test_what_comes_from_the_table_is_escaped() -> None:
    row = Operation(
        operation="get_<b>", audience="npm", scopes=("visits:places.read",), object="institution", states=("<i>",),
        actions=(Action(action="<u>", scopes=("visits:places.read",)),),
    )  # fmt: skip

    page = access_page.page([(row, "<script>alert(1)</script>")])

    assert not re.search(r"<(b|i|u|script)>", page)
    assert "&lt;script&gt;" in page

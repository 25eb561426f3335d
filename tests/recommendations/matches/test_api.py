"""Written names through the gateway: decided once for each, tied for the NPM alone."""

from typing import Any

import pytest

from gateway.development import AUTHORITY_A, AUTHORITY_B
from tests.people import People
from tests.recommendations.conftest import Tell
from tests.stakeholders.made import imported

pytestmark = pytest.mark.usefixtures("tell")

REPORT: dict[str, Any] = {
    "text": {"en": "Report 1"},
    "state": "transmitted",
    "transmitted_on": "2025-01-06",
    "reported_outcome": {"replies_count": 1, "as_of": "2025-07-31", "answer_days": 56},
}
MATCHES = "/npm/addressee-matches"


def report(*names: str, **changes: Any) -> dict[str, Any]:
    return {**REPORT, "written_addressees": list(names), **changes}


async def open_match(people: People, name: str) -> dict[str, Any]:
    staff = await people.as_("staff")
    (found,) = [each for each in (await staff.read(f"{MATCHES}?state=open"))["items"] if each["name"] == name]
    match: dict[str, Any] = found
    return match


async def test_one_name_of_the_directory_alone_is_accepted_and_every_other_waits(people: People, tell: Tell) -> None:
    await tell("stakeholders.stakeholder.changed", "6f1d9c39-3c55-4a6e-9c4a-0d0d7a1f3b11", name="Health Board", kind="authority", aliases=["HB"])  # fmt: skip
    await tell("stakeholders.stakeholder.changed", "6f1d9c39-3c55-4a6e-9c4a-0d0d7a1f3b12", name="Hospital Bureau", kind="authority", aliases=["HB"])  # fmt: skip

    await imported(people, "recommendations", report("PRISON  service", "HB", "Prisons Service", "HB"))

    staff = await people.as_("staff")
    found = {each["name"]: each for each in (await staff.read(MATCHES))["items"]}
    assert {name: (each["state"], each["uses"], each["row"]) for name, each in found.items()} == {
        "PRISON  service": ("accepted", 1, "re-1"),
        "HB": ("open", 1, "re-1"),
        "Prisons Service": ("open", 1, "re-1"),
    }
    assert found["PRISON  service"]["authority"] == {"id": AUTHORITY_A, "name": "Prison Service"}
    assert found["PRISON  service"]["allowed_actions"] == []
    assert [(each["name"], each["score"]) for each in found["HB"]["candidates"]] == [
        ("Health Board", 1.0),
        ("Hospital Bureau", 1.0),
    ]
    assert found["HB"]["reason"].startswith("several")
    assert found["Prisons Service"]["candidates"][0]["id"] == AUTHORITY_A
    assert 0.5 < found["Prisons Service"]["candidates"][0]["score"] < 1


async def test_accepting_ties_what_came_and_what_comes_and_opens_nothing_to_the_authority(people: People) -> None:
    await imported(people, "recommendations", report("Prisons", "Police"), report("Prisons"))
    staff, official = await people.as_("staff"), await people.as_("authority-official")
    match = await open_match(people, "Prisons")

    done = await staff.done(f"{MATCHES}/{match['id']}", "accept", candidate_id=AUTHORITY_A)
    await imported(people, "recommendations", *(report("Prisons", row=f"new-{number}") for number in range(3)))

    tied = (await staff.read(f"/npm/recommendations?authority_id={AUTHORITY_A}"))["items"]
    assert (done["state"], done["uses"], done["decided_by"] is not None, done["candidates"]) == (
        "accepted",
        2,
        True,
        [],
    )
    assert len(tied) == 5
    assert tied[0]["written_addressees"] == [
        {"name": "Prisons", "authority_id": AUTHORITY_A},
        *tied[0]["written_addressees"][1:],
    ]
    whole = await staff.read(f"/npm/recommendations/{tied[0]['id']}")
    assert whole["written_addressees"][0]["authority"] == {"id": AUTHORITY_A, "name": "Prison Service"}
    assert (await official.read("/authority/recommendations"))["items"] == []
    assert (await official.get(f"/authority/recommendations/{tied[0]['id']}")).status_code == 404


async def test_dropping_leaves_the_name_as_written_and_a_second_run_does_not_reopen_it(people: People) -> None:
    rows = (report("REDACTED", "Prison Service"),)
    await imported(people, "recommendations", *rows)
    match, staff = await open_match(people, "REDACTED"), await people.as_("staff")

    without = await staff.act(f"{MATCHES}/{match['id']}", "drop")
    dropped = await staff.done(f"{MATCHES}/{match['id']}", "drop", reason="blacked out at the source")
    again = await imported(people, "recommendations", *rows)

    assert (without.status_code, without.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert (dropped["state"], dropped["reason"]) == ("dropped", "blacked out at the source")
    assert again["unchanged"] == 1
    listed = (await staff.read(f"{MATCHES}?count=exact"))["items"]
    assert {each["name"]: each["state"] for each in listed} == {"REDACTED": "dropped", "Prison Service": "accepted"}
    assert (await staff.act(f"{MATCHES}/{match['id']}", "accept", candidate_id=AUTHORITY_A)).status_code == 409


async def test_a_name_that_the_directory_learns_is_accepted_by_the_next_run(people: People, tell: Tell) -> None:
    await imported(people, "recommendations", report("Border Office"))
    await tell("stakeholders.stakeholder.changed", AUTHORITY_B, name="Police Directorate", kind="authority", aliases=["Border Office"])  # fmt: skip

    again = await imported(people, "recommendations", report("Border Office"))

    staff = await people.as_("staff")
    (match,) = (await staff.read(MATCHES))["items"]
    assert (again["unchanged"], match["state"], match["authority"]["id"]) == (1, "accepted", AUTHORITY_B)
    assert len((await staff.read(f"/npm/recommendations?authority_id={AUTHORITY_B}"))["items"]) == 1


async def test_an_authority_that_is_not_there_is_refused(people: People) -> None:
    await imported(people, "recommendations", report("Prisons"))
    match, staff = await open_match(people, "Prisons"), await people.as_("staff")
    nobody = "0b3ce0a4-5ae0-4d93-9a0c-9c2a7b3b7f00"

    answers = [
        await staff.act(f"{MATCHES}/{match['id']}", "accept", **fields) for fields in ({}, {"candidate_id": nobody})
    ]

    assert [(answer.status_code, answer.json()["errors"][0]["pointer"]) for answer in answers] == [
        (422, "/candidate_id"),
        (422, "/candidate_id"),
    ]
    assert (await staff.read(f"{MATCHES}/{match['id']}"))["state"] == "open"

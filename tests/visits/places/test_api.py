"""Places through the gateway: what each audience may do and see, and the conventions of the API."""

import asyncio
import json
from typing import Any

import pytest

from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")

BASIS = {
    "is_under_jurisdiction_and_control": True,
    "may_not_leave_at_will": True,
    "authority_involvement": "order",
    "national_law": "",
}
NORTH = {"name": "North Remand Prison", "place_type": "remand_prison", "region": "North", "capacity": 400}


async def confirmed_place(people: People, **changes: Any) -> dict[str, Any]:
    """Register and confirm a place."""
    staff = await people.as_("staff")
    place = await staff.made("/npm/places", {**NORTH, "mandate_basis": BASIS, **changes})
    return await staff.done(f"/npm/places/{place['id']}", "confirm")


@pytest.mark.requirement("R-V01")
async def test_a_registered_place_is_unverified_until_its_mandate_basis_is_stated(people: People) -> None:
    staff = await people.as_("staff")
    place = await staff.made("/npm/places", NORTH)

    refused = await staff.act(f"/npm/places/{place['id']}", "confirm")

    assert place["status"] == "unverified"
    assert refused.status_code == 409
    assert [error["code"] for error in refused.json()["errors"]] == ["basis_missing"]


async def test_the_public_sees_a_place_only_once_it_is_confirmed(people: People) -> None:
    staff, anybody = await people.as_("staff"), people.stranger()
    place = await staff.made("/npm/places", {**NORTH, "mandate_basis": BASIS})
    before = await anybody.get(f"/public/places/{place['id']}")

    await staff.done(f"/npm/places/{place['id']}", "confirm")

    assert before.status_code == 404
    shown = await anybody.read(f"/public/places/{place['id']}")
    assert set(shown) == {
        "id", "code", "name", "status", "place_type", "region", "address", "latitude", "longitude", "operator", "is_private_operator",
    }  # fmt: skip


async def test_a_withheld_location_does_not_leave(people: People) -> None:
    place = await confirmed_place(people, address="Mill Lane 1", latitude=1.5, longitude=2.5, is_location_withheld=True)

    shown = await people.stranger().read(f"/public/places/{place['id']}")

    assert (shown["address"], shown["latitude"], shown["longitude"]) == (None, None, None)


async def test_pages_give_every_place_once_and_lead_to_each_other(people: People) -> None:
    staff = await people.as_("staff")
    for number in range(7):
        await staff.made("/npm/places", {**NORTH, "name": f"House {number % 3}"})
    seen: list[str] = []
    path = "/npm/places?limit=3&count=exact"

    while path:
        answer = await staff.get(path)
        seen += [each["id"] for each in answer.json()["items"]]
        path = answer.headers.get("Link", "").split(">")[0].removeprefix("<http://127.0.0.1:8000/v1")

    assert len(seen) == len(set(seen)) == 7
    assert answer.json()["count"] == 7


async def test_a_cursor_of_another_list_or_caller_is_refused(people: People) -> None:
    staff, head = await people.as_("staff"), await people.as_("head")
    for number in range(3):
        await confirmed_place(people, name=f"House {number}")
    cursor = (await staff.read("/npm/places?limit=1"))["next_cursor"]

    answers = [
        await head.get(f"/npm/places?limit=1&cursor={cursor}"),
        await staff.get(f"/npm/places?limit=1&region=North&cursor={cursor}"),
        await staff.get(f"/npm/places?limit=1&cursor={cursor[:-2]}00"),
        await people.stranger().get(f"/public/places?limit=1&cursor={cursor}"),
    ]

    assert [answer.status_code for answer in answers] == [400] * 4
    assert all(answer.json()["code"] == "invalid_cursor" for answer in answers)


async def test_the_same_key_and_body_register_one_place(people: People) -> None:
    staff = await people.as_("staff")
    headers = {"Idempotency-Key": "register-north-1"}

    answers = await asyncio.gather(*(staff.post("/npm/places", NORTH, headers=headers) for _ in range(8)))
    again = await staff.post("/npm/places", NORTH, headers=headers)
    other = await staff.post("/npm/places", {**NORTH, "name": "Other"}, headers=headers)

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert again.status_code == 201
    assert again.headers["Idempotency-Replayed"] == "true"
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"
    assert (await staff.read("/npm/places?count=exact"))["count"] == 1


async def test_a_change_needs_the_version_that_was_read(people: People) -> None:
    staff = await people.as_("staff")
    place = await staff.made("/npm/places", NORTH)
    path = f"/npm/places/{place['id']}"
    tag = (await staff.get(path)).headers["ETag"]

    first = await staff.patch(path, {"region": "South"}, headers={"If-Match": tag})
    second = await staff.patch(path, {"region": "West"}, headers={"If-Match": tag})
    without = await staff.send("PATCH", path, json={"region": "West"})

    assert (first.status_code, second.status_code, without.status_code) == (200, 412, 428)
    assert (await staff.read(path))["region"] == "South"
    assert (await staff.get(path, headers={"If-None-Match": first.headers["ETag"]})).status_code == 304


async def test_a_former_name_stays_as_an_alias_and_is_found(people: People) -> None:
    place = await confirmed_place(people)
    staff = await people.as_("staff")

    await staff.patch(f"/npm/places/{place['id']}", {"name": "Harbour House"})

    found = await staff.read("/npm/places?q=remand")
    assert [each["name"] for each in found["items"]] == ["Harbour House"]


BAD_BODIES = {
    "not a number": (b'{"name": "A", "place_type": "prison", "latitude": NaN}', 422, "invalid_request"),
    "too large a float": (b'{"name": "A", "place_type": "prison", "latitude": 1e999}', 422, "invalid_request"),
    "a lone surrogate": (b'{"name": "\\ud800", "place_type": "prison"}', 400, "malformed_json"),
    "bad utf-8": (b'{"name": "\xff", "place_type": "prison"}', 400, "malformed_json"),
    "500 deep": (b'{"name": ' + b"[" * 500 + b"]" * 500 + b"}", 400, "too_deep"),
    "50,000 deep": (b"[" * 50_000, 400, "malformed_json"),
    "a duplicate key": (b'{"name": "A", "name": "B", "place_type": "prison"}', 400, "duplicate_member"),
    "a NUL": (b'{"name": "A\\u0000", "place_type": "prison"}', 400, "control_character"),
    "a 26-digit number": (
        b'{"name": "A", "place_type": "prison", "capacity": 12345678901234567890123456}',
        422,
        "invalid_request",
    ),
    "an unknown field": (b'{"name": "A", "place_type": "prison", "status": "in_use"}', 422, "invalid_request"),
    "text for a number": (b'{"name": "A", "place_type": "prison", "capacity": "12"}', 422, "invalid_request"),
    "a bidi override": ('{"name": "A\u202e", "place_type": "prison"}'.encode(), 422, "invalid_request"),
    "nothing": (b"", 400, "malformed_json"),
    "not JSON": (b"{", 400, "malformed_json"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_a_bad_body_is_refused_and_leaves_nothing(people: People, name: str) -> None:
    staff = await people.as_("staff")
    body, status, code = BAD_BODIES[name]

    answer = await staff.send("POST", "/npm/places", content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (await staff.read("/npm/places?count=exact"))["count"] == 0


async def test_two_is_two_also_when_written_with_a_point(people: People) -> None:
    staff = await people.as_("staff")

    place = await staff.made(
        "/npm/places",
        None,
        content=json.dumps({**NORTH, "capacity": 2.0}),
        headers={"Content-Type": "application/json"},
    )

    assert place["capacity"] == 2


@pytest.mark.parametrize(
    "query", ["colour=red", "limit=0", "limit=101", "limit=2&limit=3", "sort=secret", "region=%00", "q=a"]
)
async def test_a_query_that_is_not_taken_is_422(people: People, query: str) -> None:
    staff = await people.as_("staff")

    answer = await staff.get(f"/npm/places?{query}")

    assert answer.status_code == 422
    assert "red" not in answer.text


PATHS = [
    "//npm/places",
    "/npm/places/",
    "/npm/../places",
    "/npm/%2e%2e/places",
    "/npm/places;x",
    "/npm/pl%00aces",
    "/npm\\places",
]


@pytest.mark.parametrize("path", PATHS)
async def test_a_path_with_tricks_is_400_before_anything_else(people: People, path: str) -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "raw_path": f"/v1{path}".encode(),
        "path": f"/v1{path}",
        "headers": [],
        "query_string": b"",
    }
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    if people.app is None:
        pytest.skip("over TCP the client mends such paths; tests/gateway/test_edge.py sends the raw bytes")
    await people.app(scope, None, send)

    assert sent[0]["status"] == 400


async def test_another_audience_is_403_whatever_stands_behind_it_and_nothing_is_404(people: People) -> None:
    official, staff, anybody = await people.as_("authority-official"), await people.as_("staff"), people.stranger()

    statuses = {
        "other prefix": (await official.get("/npm/places")).status_code,
        "other prefix, no such path": (await official.get("/npm/nothing")).status_code,
        "own prefix, no such path": (await official.get("/authority/nothing")).status_code,
        "no such id": (await staff.get("/npm/places/6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa")).status_code,
        "malformed id": (await staff.get("/npm/places/6")).status_code,
        "no token": (await anybody.get("/npm/places")).status_code,
        "no token, no such path": (await anybody.get("/npm/nothing")).status_code,
        "public, no such path": (await anybody.get("/public/nothing")).status_code,
    }

    assert statuses == {
        "other prefix": 403, "other prefix, no such path": 403, "own prefix, no such path": 404, "no such id": 404,
        "malformed id": 404, "no token": 401, "no token, no such path": 401, "public, no such path": 404,
    }  # fmt: skip


async def test_hidden_absent_and_malformed_answer_with_the_same_bytes(people: People) -> None:
    staff, anybody = await people.as_("staff"), people.stranger()
    hidden = await staff.made("/npm/places", NORTH)

    answers = [
        await anybody.get(f"/public/places/{which}")
        for which in (hidden["id"], "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa", "malformed")
    ]

    bodies = [{name: value for name, value in answer.json().items() if name != "instance"} for answer in answers]
    headers = [
        {
            name: value
            for name, value in answer.headers.items()
            if name not in ("x-request-id", "traceparent", "ratelimit")
        }
        for answer in answers
    ]
    assert bodies[0] == bodies[1] == bodies[2]
    assert headers[0] == headers[1] == headers[2]


async def test_a_method_that_is_not_there_says_which_are(people: People) -> None:
    staff = await people.as_("staff")

    answer = await staff.send("DELETE", "/npm/places")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")


async def test_the_wrong_media_type_is_415(people: People) -> None:
    staff = await people.as_("staff")

    answer = await staff.send("POST", "/npm/places", content=b"{}", headers={"Content-Type": "text/plain"})

    assert answer.status_code == 415


async def test_a_body_over_the_limit_is_413(people: People) -> None:
    staff = await people.as_("staff")

    answer = await staff.send(
        "POST", "/npm/places", content=b" " * 1_000_001, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 413

"""The HTTP edge over a real socket: what uvicorn would let through is refused, with problem answers only."""

import asyncio
import re
from collections.abc import Iterator

import pytest

from gateway import documents, operations
from gateway.upstreams import whole
from shared.errors import BadRequest
from shared.openapi import METHODS
from tests.people import People

REQUESTS = {
    "absolute form": b"GET http://evil.example/v1/npm/places HTTP/1.1\r\nHost: a\r\n\r\n",
    "a fragment": b"GET /v1/npm/places#x HTTP/1.1\r\nHost: a\r\n\r\n",
    "a huge header": b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Big: " + b"x" * 20_000 + b"\r\n\r\n",
    "many headers": b"GET /livez HTTP/1.1\r\nHost: a\r\n" + b"X-A: 1\r\n" * 70 + b"\r\n",
    "two hosts": b"GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "an unknown method": b"BREW /livez HTTP/1.1\r\nHost: a\r\n\r\n",
    "length and chunks": b"POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a bad length": b"POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
    "raw bytes": b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
    "no slash": b"GET foo HTTP/1.1\r\nHost: a\r\n\r\n",
    "dot dot": b"GET /v1/npm/../service/visits-events HTTP/1.1\r\nHost: a\r\n\r\n",
    "encoded dot dot": b"GET /v1/npm/%2e%2e/service/visits-events HTTP/1.1\r\nHost: a\r\n\r\n",
    "encoded slash": b"GET /v1/npm%2fplaces HTTP/1.1\r\nHost: a\r\n\r\n",
    "an encoded NUL": b"GET /v1/npm/a%00b HTTP/1.1\r\nHost: a\r\n\r\n",
    "two slashes": b"GET //v1/npm/places HTTP/1.1\r\nHost: a\r\n\r\n",
    "a semicolon": b"GET /v1/npm/places;a=b HTTP/1.1\r\nHost: a\r\n\r\n",
    "a backslash": b"GET /v1\\npm HTTP/1.1\r\nHost: a\r\n\r\n",
    "two lengths": b"POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "chunks twice": b"POST /livez HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a folded header": b"GET /livez HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n 2\r\n\r\n",
    "a space before the colon": b"GET /livez HTTP/1.1\r\nHost: a\r\nX-A : 1\r\n\r\n",
    "a NUL in a header": b"GET /livez HTTP/1.1\r\nHost: a\r\nX-A: a\0b\r\n\r\n",
    "an old version": b"GET /livez HTTP/3.7\r\nHost: a\r\n\r\n",
    "dot dot with an encoded slash": b"GET /v1/npm/..%2fservice/visits-events HTTP/1.1\r\nHost: a\r\n\r\n",
    "an encoded question mark": b"GET /v1/npm/places%3fa=b HTTP/1.1\r\nHost: a\r\n\r\n",
    "an encoded line end": b"GET /v1/npm/places%0d%0aX-A:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a path without end": b"GET /v1/npm/" + b"a" * 2_100 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "a trailing slash": b"GET /v1/npm/places/ HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_with_tricks_is_400_as_a_problem(people: People, name: str) -> None:
    if people.app is not None:
        pytest.skip("in the shape of one the tests have no socket; the shape of five has the same gateway behind one")
    address = people.client.base_url
    reader, writer = await asyncio.open_connection(address.host, address.port)

    writer.write(REQUESTS[name])
    answer = await asyncio.wait_for(reader.read(4096), 5)
    writer.close()

    assert answer.startswith(b"HTTP/1.1 400"), answer
    assert b"application/problem+json" in answer
    assert b"nosniff" in answer
    assert b"default-src 'none'" in answer


@pytest.mark.parametrize("audience", ["npm", "expert", "authority", "partner", "public"])
async def test_a_documents_page_asks_no_foreign_host(people: People, audience: str) -> None:
    page = await people.client.get(f"/docs/{audience}")
    document = await people.client.get(f"/openapi/{audience}.json")
    script = await people.client.get("/docs/assets/swagger-ui-bundle.js")

    assert "http" not in page.text.replace("<!doctype html>", "")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert document.json()["openapi"] == "3.1.0"
    assert script.status_code == 200


@pytest.mark.requirement("R-G19")
@pytest.mark.parametrize("audience", documents.AUDIENCES)
async def test_the_document_of_an_audience_holds_each_of_its_operations_and_no_other(
    people: People, audience: str
) -> None:
    told = (await people.client.get(f"/openapi/{audience}.json")).json()
    table = operations.table(with_development=True).operations.values()

    described = {
        (method.upper(), f"/v1{path}") for path, item in told["paths"].items() for method in item if method in METHODS
    }
    assert told["openapi"].startswith("3.1")
    assert described == {(row.method, row.path) for row in table if row.audience == audience and not row.inside}


@pytest.mark.requirement("R-G04")
@pytest.mark.parametrize("audience", ["expert", "authority", "public"])
async def test_who_has_no_part_in_complaints_does_not_read_the_word_in_the_document(
    people: People, audience: str
) -> None:
    document = (await people.client.get(f"/openapi/{audience}.json")).json()

    told = {path for path in document["paths"] if "complaint" in path} | {
        name for name in document["components"].get("schemas", {}) if "Complaint" in name or "Signal" in name
    }

    assert told <= {"/public/complaint-statistics", "ComplaintStatistics", "ComplaintStatisticsPage"}


async def test_problems_are_explained_and_unknown_routes_are_problems(people: People) -> None:
    nothing = await people.client.get("/nothing")
    explained = await people.client.get(nothing.json()["type"])

    assert (nothing.status_code, nothing.headers["Content-Type"]) == (404, "application/problem+json")
    assert explained.json()["status"] == 404


#: What somebody may add in the hope that a layer behind believes it.
BELIEVED = {
    "X-HTTP-Method-Override": "DELETE", "X-HTTP-Method": "DELETE", "X-Method-Override": "DELETE", "X-Original-URL": "/v1/npm/nothing",
    "X-Rewrite-URL": "/v1/npm/nothing", "X-Forwarded-User": "head", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "10.0.0.1",
    "Forwarded": "for=10.0.0.1;host=evil.example", "X-A22-Caller": "head", "X-Audience-Class": "npm", "X-Roles": "head", "X-User": "head",
    "X-Subject": "head", "TE": "trailers", "Proxy-Authorization": "Basic aGVhZA==", "Upgrade-Insecure-Requests": "1",
    "X-Request-Id": "11111111-1111-4111-8111-111111111111", "Connection": "close, X-Roles",
}  # fmt: skip


async def test_headers_that_claim_something_change_nothing(people: People) -> None:
    official, stranger = await people.as_("authority-official"), people.stranger()

    for actor, path in ((official, "/npm/places"), (stranger, "/npm/places"), (official, "/authority/recommendations")):
        bare, claimed = await actor.get(path), await actor.get(path, headers=BELIEVED)

        assert (claimed.status_code, _without_passing(claimed.text)) == (bare.status_code, _without_passing(bare.text))
        assert "evil.example" not in claimed.text + str(claimed.headers)
        assert claimed.headers["X-Request-Id"] != BELIEVED["X-Request-Id"]


def _without_passing(text: str) -> str:
    return re.sub(r"urn:uuid:[0-9a-f-]{36}", "", text)


async def test_a_method_override_is_ignored(people: People) -> None:
    staff = await people.as_("staff")

    by_header = await staff.post("/npm/places", {}, headers={"X-HTTP-Method-Override": "GET"})
    by_query = await staff.post("/npm/places?_method=GET", {})

    assert (by_header.status_code, by_query.status_code) == (422, 422)


@pytest.mark.parametrize("audience", ["staff", "admin", "internal", "NPM", "npm.", "worker", "v1", "service"])
async def test_an_audience_that_there_is_not_opens_nothing(people: People, audience: str) -> None:
    staff = await people.as_("staff")

    for path in (f"/{audience}/places", f"/{audience}/visits-events", f"/{audience}"):
        known, unknown = await staff.get(path), await people.stranger().get(path)

        assert known.status_code in (403, 404)
        assert unknown.status_code == 401


async def test_a_token_in_a_form_or_a_body_is_none(people: People) -> None:
    token = (await people.as_("staff")).token

    answers = [
        await people.client.post("/v1/npm/places", data={"access_token": token}),
        await people.client.post("/v1/npm/places", json={"access_token": token}),
        await people.client.post("/v1/npm/places", headers={"X-Access-Token": str(token)}),
        await people.client.post("/v1/npm/places", headers={"Proxy-Authorization": f"Bearer {token}"}),
    ]

    assert [answer.status_code for answer in answers] == [401] * 4


async def test_every_answer_says_version_and_request(people: People) -> None:
    answer = await people.stranger().get("/public/places")

    assert answer.headers["API-Version"] == "1.0.0"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["RateLimit-Policy"].startswith('"public";q=')


async def test_a_body_that_ends_early_is_not_handed_on() -> None:
    told: Iterator[dict[str, object]] = iter(
        [{"type": "http.request", "body": b'{"a":1}\n', "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> dict[str, object]:
        return next(told)

    with pytest.raises(BadRequest):
        await whole(receive)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("regoin=North", "regoin is no parameter here; region is one"),
        ("region=North&count=exact&count=exact", "count is given twice"),
        ("nobody_knows_this=1", "nobody_knows_this is no parameter here; there are "),
        # what is no plain name does not come back
        ("%3Cscript%3E=1", "a parameter is unknown here"),
        ("Region=North", "a parameter is unknown here"),
        (f"{'a' * 41}=1", "a parameter is unknown here"),
    ],
)
async def test_a_parameter_that_is_not_taken_is_named_where_its_name_is_plain(
    people: People, query: str, said: str
) -> None:
    answer = await (await people.as_("staff")).get(f"/npm/places?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_query")
    assert answer.json()["errors"][0]["detail"].startswith(said)
    assert "script" not in answer.text

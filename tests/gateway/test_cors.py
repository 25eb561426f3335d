"""What a browser may do from another origin: nothing, unless the settings name that very origin; and the headers of every answer."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from pydantic import ValidationError

from deploy.assembly import one_process
from deploy.postgres.server import Server
from shared.settings import DATABASES, Settings
from tests.people import People

OURS, STRANGERS = "https://front.example.org", "https://elsewhere.example.org"
ASKS = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}


@pytest_asyncio.fixture
async def front(cluster: Server, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Serve with one origin allowed, behind TLS."""
    told = {"cors_origins": frozenset({OURS}), "base_url": "https://api.example.org"}
    changed = settings.model_copy(update=told)
    app = one_process(changed, {name: cluster.url(f"{name}_app", name) for name in DATABASES})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://api.example.org") as client:
        yield client
    for each in app._lifespans:
        await each.state.a22.database.close()


def plain(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """Give an answer without what differs each time."""
    passing = {"x-request-id", "traceparent", "ratelimit"}
    return (
        answer.status_code,
        {name: value for name, value in answer.headers.items() if name not in passing},
        answer.content,
    )


async def test_a_preflight_is_answered_alike_for_what_exists_and_what_does_not(front: httpx.AsyncClient) -> None:
    asked = {**ASKS, "Origin": OURS}
    paths = [
        "/v1/npm/complaints",
        f"/v1/npm/complaints/{uuid4()}",
        "/v1/npm/nothing",
        "/v1/authority/x",
        "/nothing",
        "/v1/public/places",
    ]

    answers = [plain(await front.options(path, headers=asked)) for path in paths]

    status, headers, body = answers[0]
    assert (status, body) == (204, b"")
    assert headers["access-control-allow-origin"] == OURS
    assert "Authorization" in headers["access-control-allow-headers"]
    assert headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in headers
    # what lies outside /v1 or is public may be kept; nothing else differs
    headers.pop("cache-control")
    assert all(
        (each[0], each[1] | {"cache-control": ""}, each[2]) == (204, headers | {"cache-control": ""}, b"")
        for each in answers
    )


@pytest.mark.parametrize("origin", [STRANGERS, "null", "https://front.example.org.evil.example", "http://front.example.org", f"{OURS}:8443", OURS.upper()])  # fmt: skip
async def test_another_origin_is_told_nothing(front: httpx.AsyncClient, origin: str) -> None:
    preflight = await front.options("/v1/public/places", headers={**ASKS, "Origin": origin})
    answer = await front.get("/v1/npm/places", headers={"Origin": origin})

    for each in (preflight, answer):
        assert not [name for name in each.headers if name.startswith("access-control")]
        assert "Origin" in each.headers["Vary"]
    assert answer.status_code == 401


async def test_the_front_end_reads_answers_and_refusals(front: httpx.AsyncClient) -> None:
    for path, status in (("/v1/npm/places", 401), ("/v1/public/nothing", 404), ("/nothing", 404), ("/livez", 200)):
        answer = await front.get(path, headers={"Origin": OURS})

        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (status, OURS)
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]


async def test_two_origins_are_none(front: httpx.AsyncClient) -> None:
    answer = await front.get("/livez", headers=[("Origin", OURS), ("Origin", OURS)])

    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_without_a_setting_no_origin_is_let_in(people: People) -> None:
    preflight = await people.client.options("/v1/npm/places", headers={**ASKS, "Origin": OURS})
    answer = await people.client.get("/livez", headers={"Origin": OURS})

    assert preflight.status_code == 401
    assert not [name for each in (preflight, answer) for name in each.headers if name.startswith("access-control")]


@pytest.mark.parametrize("told", ["*", "https://*.example.org", "null", f"{OURS}/", "front.example.org", f"{OURS},*", "https://UPPER.example.org"])  # fmt: skip
def test_only_exact_origins_can_be_set(told: str) -> None:
    with pytest.raises(ValidationError):
        Settings(cors_origins=told)


def test_origins_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A22_CORS_ORIGINS", f"{OURS}, http://127.0.0.1:5173")

    assert Settings().cors_origins == {OURS, "http://127.0.0.1:5173"}


async def test_every_answer_has_the_security_headers(front: httpx.AsyncClient, people: People) -> None:
    for path in (
        "/livez",
        "/nothing",
        "/v1/npm/places",
        "/v1/public/places",
        "/docs/npm",
        "/openapi/npm.json",
        "/v1/public/%2e",
    ):
        behind_tls, plain_text = await front.get(path), await people.client.get(path)

        for answer in (behind_tls, plain_text):
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert not {"server", "x-powered-by"} & set(answer.headers)
        assert behind_tls.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "Strict-Transport-Security" not in plain_text.headers


async def test_what_is_not_public_is_never_kept(people: People) -> None:
    staff = await people.as_("staff")

    for answer in (
        await staff.get("/npm/places"),
        await staff.get("/npm/nothing"),
        await people.stranger().get("/npm/places"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"


async def test_a_trace_is_taken_over_and_shown(people: People) -> None:
    trace, span = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    staff = await people.as_("staff")

    continued = await staff.get("/npm/places", headers={"traceparent": f"00-{trace}-{span}-01", "tracestate": "a=b"})
    anew = await staff.get("/npm/places", headers={"traceparent": "told in confidence"})

    shown = continued.headers["traceparent"].split("-")
    assert (shown[0], shown[1], shown[3]) == ("00", trace, "01")
    assert shown[2] != span
    assert len(anew.headers["traceparent"]) == 55
    assert trace not in anew.headers["traceparent"]
    assert str(UUID(continued.headers["X-Request-Id"])) == continued.headers["X-Request-Id"]
    assert "tracestate" not in continued.headers


@pytest.fixture
def kept() -> Iterator[list[logging.LogRecord]]:
    """Keep the lines about requests."""
    records: list[logging.LogRecord] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler = Keeping()
    logger = logging.getLogger("a22.gateway.requests")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield records
    logger.setLevel(level)
    logger.removeHandler(handler)


async def test_a_request_leaves_one_line_without_path_or_person(people: People, kept: list[logging.LogRecord]) -> None:
    if people.app is None:
        pytest.skip("the log of the five processes is theirs; it is the same code")
    place = uuid4()
    staff = await people.as_("staff")
    kept.clear()

    await staff.get(f"/npm/places/{place}")
    await people.stranger().get(f"/npm/places/{place}?q=secret")

    told: list[dict[str, Any]] = [record.told for record in kept]  # type: ignore[attr-defined]
    assert [each["status"] for each in told] == [404, 401]
    assert (told[0]["operation"], told[0]["audience"], told[0]["service"]) == ("npm.get_place", "npm", "visits")
    assert all(str(place) not in str(record.__dict__) and "secret" not in str(record.__dict__) for record in kept)


def test_the_settings_are_written_down(checkout: Path) -> None:
    assert "A22_CORS_ORIGINS" in (checkout / "README.md").read_text(encoding="utf-8")

"""What every answer must be, whatever was sent: beyond the document's own schemas, the conventions and the secrets.

Each judge gives a sentence for a fault, without the value that was found.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, get_args
from urllib.parse import parse_qsl, urlsplit

from pydantic_core.core_schema import ErrorType
from schemathesis import Case, Response

from shared.openapi import API_VERSION
from tests.harm.canaries import Canaries

ALWAYS, SOMETIMES = frozenset({"type", "title", "status", "code", "detail", "instance"}), frozenset({"errors"})
INSIDES = re.compile(
    r"Traceback|asyncpg|sqlalchemy|pydantic|starlette|psycopg|\.py\b|SELECT |INSERT |UPDATE |/tmp/|/usr/|Exception|Error\b|relation \"|column \"",
)
#: What pydantic says of a value that has not the shape of the model; values that make no sense together have codes of their own.
SHAPES = frozenset(get_args(ErrorType)) - {"value_error", "assertion_error"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORD = re.compile(r"[^\s\"'`,;]{8,}")


@dataclass(frozen=True)
class Fault:
    """One way in which an answer was not as it must be."""

    operation: str
    judge: str
    told: str


def faults(
    case: Case[Any], response: Response, persona: str, canaries: Canaries, document: str
) -> Iterator[tuple[str, str]]:
    """Name everything that is wrong with one answer: the judge and what it found."""
    headers = {name: values[0] for name, values in response.headers.items()}
    yield from _headers(headers, case, response)
    if response.status_code >= 400:
        yield from _problem(headers, case, response, document)
    audience = "public" if not persona else case.path.split("/")[1]
    # the fuzz tries words of earlier answers again, another persona's too: who sent a word has not met it here
    canaries.sent |= {(persona, name) for name in canaries.found_in(_sent(response))}
    met = canaries.found_in(response.content)
    wrong = sorted(
        name
        for name in met
        if not canaries.planted[name].may_read(persona, audience) and (persona, name) not in canaries.sent
    )
    if wrong:
        yield "secrets", f"{persona or 'nobody'} met {', '.join(wrong)}"


def _sent(response: Response) -> bytes:
    body = response.request.body
    told = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b""
    return told + str(response.request.url).encode()


def _headers(headers: dict[str, str], case: Case[Any], response: Response) -> Iterator[tuple[str, str]]:
    if "api-version" not in headers and response.status_code == 400:
        return  # refused at the edge of HTTP, before there is an API
    for name, value in (
        ("api-version", API_VERSION),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ):
        if headers.get(name) != value:
            yield "headers", f"{name} is missing"
    if "x-request-id" not in headers:
        yield "headers", "x-request-id is missing"
    if not case.path.startswith("/public") and headers.get("cache-control") != "no-store":
        yield "headers", "an answer that is not for the public may be kept"
    if response.status_code not in (400, 401) and "ratelimit" not in headers:
        yield "headers", "ratelimit is missing"
    if "server" in headers or "x-powered-by" in headers:
        yield "headers", "the answer names its software"


def _problem(headers: dict[str, str], case: Case[Any], response: Response, document: str) -> Iterator[tuple[str, str]]:
    if headers.get("content-type") != "application/problem+json":
        yield "problem", f"{response.status_code} is {headers.get('content-type')}"
        return
    if response.request.method == "HEAD":
        return
    try:
        told = json.loads(response.content)
    except ValueError:
        yield "problem", f"{response.status_code} is not JSON"
        return
    keys = set(told)
    if not keys >= ALWAYS or not keys <= ALWAYS | SOMETIMES:
        yield "problem", f"its members are {sorted(keys)}"
        return
    if told["status"] != response.status_code or told["type"] != f"/problems/{told['code'].replace('_', '-')}":
        yield "problem", f"{told['code']}: status or type do not fit"
    if "x-request-id" in headers and told["instance"] != f"urn:uuid:{headers['x-request-id']}":
        yield "problem", "its instance is not the request's id"
    if any(set(each) != {"pointer", "code", "detail"} for each in told.get("errors", ())):
        yield "problem", "its errors have other members"
    if told["title"] != HTTPStatus(response.status_code).phrase:
        yield "problem", "its title is not that of its status"
    said = " ".join([told["detail"], *(each["detail"] for each in told.get("errors", ()))])
    if INSIDES.search(said):
        yield "problem", f"it shows the inside: {INSIDES.search(said)}"
    if _echoed(said, case, response, document):
        yield "problem", f"{told['code']} repeats what was sent"
    if response.status_code >= 500:
        yield "server", f"{response.status_code} {told['code']}"
    yield from _shape(told, case)


def _shape(told: dict[str, Any], case: Case[Any]) -> Iterator[tuple[str, str]]:
    """Find what the document allows and the model refuses."""
    if case.meta is None or not case.meta.generation.mode.is_positive or told["status"] != 422:
        return
    for each in told.get("errors", ()):
        # a use case says `missing` of what one action alone needs, in words of its own
        if each["code"] in SHAPES and (each["code"] != "missing" or each["detail"] == "field required"):
            yield (
                "shape",
                f"allowed by the document, refused as {each['code']} at {re.sub('[0-9]+', '0', each['pointer'])}",
            )


def _echoed(said: str, case: Case[Any], response: Response, document: str) -> bool:
    """Tell whether a text of the answer holds a word that only the request had."""
    return any(word in said and word not in document for word in sent_words(case, response))


def sent_words(case: Case[Any], response: Response) -> set[str]:
    """Give the longer words of what was sent: in body, query and headers of ours."""
    texts = list(_texts(case.body)) + [value for _, value in parse_qsl(urlsplit(str(response.request.url)).query)]
    texts += [
        str(response.request.headers.get(name, "")) for name in ("If-Match", "Idempotency-Key", "X-Access-Purpose")
    ]
    # a date that was read as one is a fact of the answer: "2000-01-01 is not after today"
    return {word for text in texts for word in _WORD.findall(text) if not _DAY.fullmatch(word)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("utf-8", "replace")
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)

"""Walks through everything that an audience can read, along its own document: each list to its end, each id found.

It reads the document and the answers only; nothing here knows a resource by name but for how its list names its ids.
"""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.people import Actor

DOCUMENTS = Path(__file__).resolve().parents[2] / "gateway" / "openapi"
#: What differs between two answers to the same question.
PASSING = frozenset({"date", "x-request-id", "traceparent", "ratelimit", "ratelimit-policy"})
MOST_PAGES = 40
PURPOSE = "case_handling"
_INSTANCE = re.compile(rb'"instance":"urn:uuid:[0-9a-f-]{36}",?')
_PARAMETER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers that say something, and the very bytes."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class Crawl:
    """One walk of one actor; at most `follow` ids of each list are followed, all of them where it is None."""

    actor: Actor
    audience: str
    follow: int | None = None
    also: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Ids that are followed in any case, by the path of their list."""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    """The template behind each path that was asked."""

    async def walk(self) -> dict[str, Answer]:
        """Read everything; gives the answers by path."""
        for template in sorted(document(self.audience)["paths"], key=lambda path: path.count("{")):
            if "get" in document(self.audience)["paths"][template]:
                async for path in self._paths(template):
                    await self._pages(path, template)
        return self.answers

    async def _paths(self, template: str) -> AsyncIterator[str]:
        """Fill the parameters of a template with ids that the lists above it name."""
        found = _PARAMETER.search(template)
        if found is None:
            yield template
            return
        above, rest = template[: found.start() - 1], template[found.end() :]
        listed = (await self._ids(above, found.group(1)))[: self.follow]
        for each in dict.fromkeys([*self.also.get(above, ()), *listed]):
            async for path in self._paths(f"{above}/{each}{rest}"):
                yield path

    async def _ids(self, listing: str, parameter: str) -> list[str]:
        listed: list[str] = []
        for path in [each for each in self.answers if each.partition("?")[0] == listing]:
            answer = self.answers[path]
            body = json.loads(answer.body) if answer.status == 200 else {}
            if isinstance(body.get("names"), list):
                listed += body["names"]
            named = "external_id" if parameter == "external_id" else "id"
            listed += [item[named] for item in body.get("items", []) if isinstance(item, dict) and named in item]
        return listed

    async def _pages(self, path: str, template: str) -> None:
        asked = path
        for _ in range(MOST_PAGES):
            answer = await self._ask(asked, template)
            if answer.status != 200 or not answer.body.startswith(b"{"):
                return
            cursor = json.loads(answer.body).get("next_cursor")
            if not cursor:
                return
            asked = f"{path}?limit=100&cursor={cursor}"

    async def _ask(self, path: str, template: str) -> Answer:
        if path not in self.answers:
            query = "" if "?" in path or not takes_limit(self.audience, template) else "?limit=100"
            answer = await self.actor.get(path + query, headers={"X-Access-Purpose": PURPOSE})
            self.answers[path] = answer_of(answer)
            self.asked[path] = template
        return self.answers[path]


def answer_of(answer: httpx.Response) -> Answer:
    """Give an answer without what differs from one request to the next: date, request id, what is left of a limit."""
    headers = sorted(pair for pair in answer.headers.multi_items() if pair[0].lower() not in PASSING)
    return Answer(answer.status_code, tuple(headers), _INSTANCE.sub(b"", answer.content))


def document(audience: str, _read: dict[str, Any] = {}) -> dict[str, Any]:  # noqa: B006 - read once for all
    """Give an audience's document."""
    if audience not in _read:
        _read[audience] = json.loads((DOCUMENTS / f"{audience}.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = _read[audience]
    return found


def takes_limit(audience: str, template: str) -> bool:
    """Tell whether a read is a list."""
    parameters = document(audience)["paths"][template]["get"].get("parameters", [])
    return any(each.get("name") == "limit" for each in parameters)


def differing(before: Mapping[str, Answer], after: Mapping[str, Answer]) -> dict[str, str]:
    """Say where two walks differ, and how; never with what stands there."""
    found: dict[str, str] = {}
    for path in sorted(before.keys() | after.keys()):
        if path not in before or path not in after:
            found[path] = "appeared" if path in after else "vanished"
        elif before[path] != after[path]:
            found[path] = _difference(before[path], after[path])
    return found


def _difference(one: Answer, other: Answer) -> str:
    parts = [name for name in ("status", "headers", "body") if getattr(one, name) != getattr(other, name)]
    return f"{', '.join(parts)}: {hashlib.sha256(one.body).hexdigest()[:8]} -> {hashlib.sha256(other.body).hexdigest()[:8]}"

"""What the other audiences see when they ask the same: at their own door, and at the NPM's.

Hidden and absent must answer alike: each refusal is compared with that for something that does not exist.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from deploy.demo.story.stage import Shown, Stage, Surprise, expect

#: Label, persona, audience. The public has no token.
AUDIENCES: tuple[tuple[str, str | None, str], ...] = (
    ("authority A", "authority-official", "authority"),
    ("authority B", "authority-official-two", "authority"),
    ("expert", "expert", "expert"),
    ("expert-two", "expert-two", "expert"),
    ("partner", "partner", "partner"),
    ("partner-two", "partner-two", "partner"),
    ("public", None, "public"),
)
_HIDDEN = 404


@dataclass
class Audiences:
    """Everybody but the NPM, and how often they were asked."""

    stage: Stage
    checks: int = 0
    crawled: dict[str, str] = field(default_factory=dict)

    async def ask(self, thing: str, seen_by: Mapping[str, int] | None = None) -> str:
        """Let everybody ask for a thing `resource/id`; gives one line. 404 is expected of all that `seen_by` does not name."""
        resource, _, name = thing.partition("/")
        told = []
        for label, persona, audience in AUDIENCES:
            actor, expected = self.stage.as_(persona), (seen_by or {}).get(label, _HIDDEN)
            inside = await actor.send("GET", f"/npm/{thing}")
            self._check(inside, f"GET /npm/{thing} as {label}", 401 if persona is None else 403)
            own = await actor.send("GET", f"/{audience}/{thing}")
            self._check(own, f"GET /{audience}/{thing} as {label}", expected)
            if expected == _HIDDEN and name:
                absent = await actor.send("GET", f"/{audience}/{resource}/{uuid4()}")
                self._check(absent, f"GET /{audience}/{resource}/(absent) as {label}", _HIDDEN)
                expect(f"{resource} as {label}: hidden answers as absent", bare(absent), bare(own))
                self.checks += 1
            told.append(f"{label}: {own.status_code}")
        return f"{resource}: {' · '.join(told)} (at the NPM's door: 403, public 401)"

    def _check(self, answer: httpx.Response, call: str, expected: int) -> None:
        self.checks += 1
        if answer.status_code != expected:
            raise Surprise(f"{call}: expected {expected}, seen {answer.status_code}")

    async def crawl(self, label: str) -> str:
        """Give everything that an audience can reach, list by list and page by page, as one text."""
        persona, audience = next((who, where) for name, who, where in AUDIENCES if name == label)
        document = (await self.stage.client.get(f"/openapi/{audience}.json")).json()
        found = []
        for path in sorted(document["paths"]):
            if "get" in document["paths"][path] and "{" not in path and not path.endswith("/me"):
                found.append(f"{path}\n{await self._pages(persona, path.removeprefix('/v1'))}")
                self.checks += 1
        return "\n".join(found)

    async def _pages(self, persona: str | None, path: str) -> str:
        actor, cursor, pages = self.stage.as_(persona), "", []
        while True:
            answer = await actor.send("GET", f"{path}{cursor}")
            if answer.status_code != 200:
                return str(answer.status_code)
            pages.append(answer.text)
            page: Shown = answer.json()
            if not page.get("next_cursor"):
                return "\n".join(pages)
            cursor = f"?cursor={page['next_cursor']}"

    async def remember(self, *labels: str) -> None:
        """Keep what these can reach now."""
        for label in labels:
            self.crawled[label] = await self.crawl(label)

    async def compare(self) -> str:
        """Insist that those remembered reach exactly what they reached then, byte for byte."""
        told = []
        for label, before in self.crawled.items():
            now = await self.crawl(label)
            expect(f"all that {label} can reach, before and after: bytes alike", True, before == now)
            told.append(f"{label} {len(now.encode()):,} bytes")
        return f"crawl before and after byte-equal: {' · '.join(told)}"


def bare(answer: httpx.Response) -> str:
    """Give a refusal without what differs from request to request."""
    return json.dumps({name: value for name, value in answer.json().items() if name != "instance"}, sort_keys=True)

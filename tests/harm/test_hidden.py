"""Hidden is absent: whatever is sent, somebody else's thing answers as one that never was, to the last byte.

For each operation outside the NPM that names a thing: the id of somebody else's, one that nothing has, and what is no id;
with bodies good and bad, with versions right, wrong and none.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from gateway.development import PERSONAS
from tests.harm.conftest import World
from tests.harm.crawl import Answer, answer_of, document
from tests.people import Actor, People

#: What each operation takes, where a body could be good.
GOOD: dict[str, dict[str, Any]] = {
    "draft_response": {"position": "accepted"},
    "update_response": {"reasons": "Because."},
    "transition_response": {"action": "submit"},
    "ask_extension": {"asked_until": "2027-06-01", "reason": "More time."},
    "transition_extension_request": {"action": "withdraw"},
    "propose_correction": {"target_id": "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa", "proposed_value": "1"},
    "transition_correction": {"action": "withdraw"},
    "transition_report": {"action": "answer"},
    "comment_on_draft": {"text": "Shorter."},
    "give_comment": {"text": "Colder."},
    "update_comment": {"text": "Colder still."},
    "transition_comment": {"action": "decline"},
    "transition_complaint_referral": {"action": "withdraw", "text": "No longer."},
}
MERGE, JSON = "application/merge-patch+json", "application/json"


@dataclass(frozen=True)
class Sent:
    """One way to knock."""

    content: bytes | None = None
    media: str = JSON
    tag: str | None = None


def ways(method: str, operation: str) -> Iterator[Sent]:
    """Give the ways to knock at an operation."""
    if method == "get":
        yield from (Sent(), Sent(tag='"x"'))
        return
    media = MERGE if method == "patch" else JSON
    bodies = [b"{}", b'{"nonsense": 1}', b"{", b"[]", b"null"]
    if operation in GOOD:
        bodies.append(json.dumps(GOOD[operation]).encode())
    for body in bodies:
        for tag in (None, '"x"', "*"):
            yield Sent(body, media, tag)
    yield from (Sent(None, media, '"x"'), Sent(b"{}", "text/plain", '"x"'))


async def knock(actor: Actor, method: str, path: str, sent: Sent) -> Answer:
    """Send it."""
    headers = {"Content-Type": sent.media} if sent.content is not None else {}
    headers |= {"If-Match": sent.tag} if sent.tag else {}
    return answer_of(await actor.send(method.upper(), path, content=sent.content, headers=headers))


def others(world: World) -> dict[str, dict[str, list[list[str]]]]:
    """Give what is not theirs: persona, the beginning of the templates, and the ids that fill a template."""
    made, case = world.made, world.case

    def ids_in(path: str) -> list[str]:
        return path.split("/")[3::2]

    npm_report = made.comment.split("/")[3]
    return {
        "authority-official-two": {
            "/authority/recommendations/": [ids_in(made.response), ids_in(made.extension)],
            "/authority/reports/": [ids_in(made.correction)],
            "/authority/visits/": [ids_in(made.visit)],
        },
        "authority-validator": {
            "/authority/visits/": [[world.secret_visit]],
            "/authority/reports/": [[npm_report, npm_report]],
            "/authority/recommendations/": [ids_in(made.remark)],
        },
        "expert-two": {
            "/expert/visits/": [ids_in(made.visit)],
            "/expert/reports/": [ids_in(made.comment)],
            "/expert/recommendations/": [ids_in(made.remark)],
        },
        "expert": {"/expert/conflicts/": [ids_in(made.conflict)]},
        "partner-two": {
            "/partner/complaint-referrals/": [ids_in(each) for each in case.referrals],
            "/partner/place-information/": [ids_in(made.information)],
        },
        "nhri-complaints": {"/partner/complaint-referrals/": [ids_in(case.referrals[0])]},
        "": {
            "/public/reports/": [[npm_report]],
            "/public/recommendations/": [ids_in(made.draft)],
        },
    }


def filled(template: str, ids: list[str]) -> str | None:
    """Fill the ids into a template; None where it names more things than there are."""
    names = re.findall(r"\{[a-z_]+\}", template)
    if len(names) > len(ids):
        return None
    for name, each in zip(names, ids, strict=False):
        template = template.replace(name, each)
    return template


def cases(world: World, name: str) -> Iterator[tuple[str, str, str, list[str]]]:
    """Give method, operation, template and somebody else's ids of each operation that names a thing."""
    audience = PERSONAS[name].audience_class if name else "public"
    for template, item in document(audience)["paths"].items():
        for start, listed in others(world)[name].items():
            for method, told in item.items():
                if template.startswith(start + "{") and method in ("get", "post", "patch"):
                    yield from ((method, told["operationId"], template, ids) for ids in listed)


@pytest.mark.requirement("R-G16")
@pytest.mark.parametrize("name", ["authority-official-two", "authority-validator", "expert-two", "expert", "partner-two", "nhri-complaints", ""])  # fmt: skip
async def test_hidden_and_absent_answer_alike_whatever_is_sent(people: People, world: World, name: str) -> None:
    actor = await people.as_(name) if name else people.stranger()
    wrong: dict[str, object] = {}
    asked = 0

    for method, operation, template, ids in cases(world, name):
        hidden = filled(template, ids)
        if hidden is None:
            continue
        nowhere, no_id = [str(uuid4())] * 3, ["malformed"] * 3
        for number, sent in enumerate(ways(method, operation)):
            there, absent, malformed = [
                await knock(actor, method, str(path), sent)
                for path in (hidden, filled(template, nowhere), filled(template, no_id))
            ]
            asked += 1
            # what is no id can be nobody's: it may be refused before the body is looked at, and then as absent
            if there != absent or malformed.status not in (absent.status, 404):
                statuses = (there.status, absent.status, malformed.status)
                wrong[f"{method} {template} {number}"] = (statuses, there.body[:200])

    assert wrong == {}
    assert asked


async def test_somebody_elses_thing_is_not_found_under_ones_own(people: People, world: World) -> None:
    two = await people.as_("authority-official-two")
    own = (await two.read("/authority/recommendations"))["items"][0]["id"]
    kinds = {"responses": world.made.response, "extension-requests": world.made.extension}

    for kind, foreign in kinds.items():
        path = f"/authority/recommendations/{own}/{kind}"
        hidden = answer_of(await two.get(f"{path}/{foreign.rpartition('/')[2]}"))
        absent = answer_of(await two.get(f"{path}/{uuid4()}"))

        assert hidden == absent
        assert hidden.status == 404

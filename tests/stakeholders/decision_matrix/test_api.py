"""The decision matrix through the gateway."""

import httpx
import pytest

from tests.people import Actor, People
from tests.stakeholders.made import DEPUTY, MEMBER, imported, with_members

pytestmark = pytest.mark.usefixtures("empty")


async def laid_down(actor: Actor, *entries: dict[str, str]) -> httpx.Response:
    tag = (await actor.get("/npm/decision-matrix")).headers.get("ETag", '"none"')
    return await actor.send("PUT", "/npm/decision-matrix", json={"entries": list(entries)}, headers={"If-Match": tag})


@pytest.mark.requirement("R-S100")
async def test_the_matrix_names_members_with_the_scopes_of_their_topics(people: People) -> None:
    await with_members(people)
    head = await people.as_("head")

    await laid_down(head, {"topic": "reports", "decider_id": MEMBER}, {"topic": "budget", "decider_id": MEMBER})
    answer = await laid_down(head, {"topic": "reports", "decider_id": DEPUTY, "deputy_id": MEMBER})

    assert answer.json() == {
        "entries": [
            {
                "topic": "reports", "decider": {"id": DEPUTY, "name": "Deputy head"}, "deputy": {"id": MEMBER, "name": "Member"},
                "scopes": ["visits:reports.approve"],
            }
        ]
    }  # fmt: skip


@pytest.mark.requirement("R-S86")
async def test_a_seconded_official_is_never_named(people: People) -> None:
    await imported(people, "authorities", {"id": DEPUTY, "name": "Ministry"})
    await imported(
        people, "persons", {"id": MEMBER, "kind": "secondee", "name": "Sam Lee", "secondment": {"origin_id": DEPUTY}}
    )
    head = await people.as_("head")

    answer = await laid_down(head, {"topic": "reports", "decider_id": MEMBER})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "may_not_decide")


@pytest.mark.parametrize("persona", ["staff", "member", "secondee"])
async def test_only_who_decides_on_the_institution_lays_it_down(people: People, persona: str) -> None:
    actor = await people.as_(persona)

    assert (await laid_down(actor)).status_code == 403

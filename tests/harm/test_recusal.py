"""Who has a conflict of interest meets nothing of the matter, in any role of the NPM and as an expert; nobody else is touched.

Declared, it shuts within five seconds, everywhere and without a decision; cleared, all is there again. What should be hidden is
counted by the owners of the databases; hidden and absent are the same bytes.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from deploy.demo.country import ids
from deploy.demo.country.places import PATTERN_PLACE
from deploy.postgres.server import Server
from tests.harm import feeds
from tests.harm.conftest import World
from tests.harm.crawl import answer_of
from tests.harm.test_conditions import told
from tests.harm.test_secondee import every
from tests.people import Actor, People
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(240)

_GOES_THERE = "SELECT visit_id FROM visit_place WHERE place_id = '{0}'"
_KNOWN_VISIT = "SELECT id FROM known_visit WHERE '{0}' = ANY(place_ids)"
#: By list: which service keeps it, and which of its things concern a place.
ABOUT_A_PLACE = {
    "/npm/places": ("visits", "SELECT '{0}'::uuid"),
    "/npm/visits": ("visits", _GOES_THERE),
    "/npm/reports": ("visits", f"SELECT id FROM report WHERE '{{0}}' = ANY(place_ids) OR visit_ids && ARRAY({_GOES_THERE})"),
    "/npm/visit-proposals": ("visits", "SELECT id FROM visit_proposal WHERE place_id = '{0}'"),
    "/npm/access-incidents": ("visits", "SELECT id FROM access_incident WHERE place_id = '{0}'"),
    "/npm/recommendations": ("recommendations", f"SELECT id FROM recommendation WHERE '{{0}}' = ANY(place_ids) OR visit_id IN ({_KNOWN_VISIT})"),
    "/npm/patterns": ("complaints", "SELECT id FROM pattern WHERE place_id = '{0}'"),
    "/npm/silences": ("complaints", "SELECT id FROM silence WHERE place_id = '{0}'"),
    "/npm/complaints": ("complaints", "SELECT id FROM complaint WHERE '{0}' IN (place_id, present_place_id)"),
    "/npm/complaint-referrals": ("complaints", "SELECT id FROM complaint_referral WHERE '{0}' IN (place_id, present_place_id)"),
}  # fmt: skip
#: What speaks of many places at once is kept whole from whoever is kept from one.
WHOLE = ("/npm/patterns", "/npm/plans")
MOST_ASKED = 4


@pytest_asyncio.fixture(scope="module")
async def named(world: World, people: People, cluster: Server) -> None:
    """Let the analysis run, and the head's conflicts be decided by the deputy."""
    await feeds.settled(cluster)
    assert (await (await people.as_("complaints-officer")).post("/npm/analysis-runs")).status_code == 201
    head = await people.as_("head")
    tag = (await head.get("/npm/decision-matrix")).headers["ETag"]
    entries = {"entries": [{"topic": "conflicts", "decider_id": ids.DEPUTY_HEAD}]}
    await head.send("PUT", "/npm/decision-matrix", json=entries, headers={"If-Match": tag})
    await feeds.settled(cluster)


@asynccontextmanager
async def conflicted(people: People, persona: str, kind: str, target: str) -> AsyncIterator[str]:
    """Let somebody declare a conflict, and somebody else clear it at the end."""
    audience = "expert" if persona.startswith("expert") else "npm"
    declared = {"kind": "dual_function", "target_kind": kind, "target_id": target}
    conflict = (await (await people.as_(persona)).made(f"/{audience}/conflicts", declared))["id"]
    try:
        yield conflict
    finally:
        decider = await people.as_("deputy-head" if persona == "head" else "head")
        await decider.done(f"/npm/conflicts/{conflict}", "find_none", reason="another one")


async def until(actor: Actor, path: str, status: int) -> None:
    """Wait until a path answers with a status; a conflict counts within five seconds."""

    async def answers() -> bool:
        return (await actor.get(path)).status_code == status

    await eventually(answers, seconds=5)


async def lists(actor: Actor) -> dict[str, set[str]]:
    """Give the ids in each list that is open to somebody."""
    return {
        path: {row["id"] for row in await every(actor, path)}
        for path in (*ABOUT_A_PLACE, "/npm/plans")
        if (await actor.get(f"{path}?limit=1")).status_code == 200
    }


async def reads(actor: Actor, things: dict[str, set[str]]) -> dict[str, int]:
    """Read some of these one by one; gives the statuses by path."""
    asked = [f"{path}/{each}" for path, mine in things.items() for each in sorted(mine)[:MOST_ASKED]]
    return {path: (await actor.get(path)).status_code for path in asked}


async def about_a_place(cluster: Server, place: str) -> dict[str, set[str]]:
    """Give by list what concerns a place, as the owners of the databases count it."""
    return {
        path: {str(each) for each in await told(cluster, service, sql.format(place))}
        for path, (service, sql) in ABOUT_A_PLACE.items()
    }


@pytest.mark.requirement("R-G08", "R-V59")
@pytest.mark.parametrize("persona", ["staff", "member", "head", "complaints-officer"])
async def test_a_conflict_with_a_place_hides_all_that_concerns_it_until_it_is_cleared(
    people: People, named: None, cluster: Server, persona: str
) -> None:
    actor, colleague = await people.as_(persona), await people.as_("deputy-head")
    hidden = await about_a_place(cluster, PATTERN_PLACE)
    before, others, read = await lists(actor), await lists(colleague), await reads(actor, hidden)
    there = {path for path, status in read.items() if status == 200}

    async with conflicted(people, persona, "place", PATTERN_PLACE) as conflict:
        await until(actor, f"/npm/places/{PATTERN_PLACE}", 404)
        kept, unlike = await lists(actor), []
        for path in sorted(there):
            absent = answer_of(await actor.get(f"{path.rsplit('/', 1)[0]}/{uuid4()}"))
            unlike += [path] * (answer_of(await actor.get(path)) != absent)
        own, me = await actor.get(f"/npm/conflicts/{conflict}"), await actor.get("/npm/me")
        untouched = await lists(colleague)
    await until(actor, f"/npm/places/{PATTERN_PLACE}", 200)

    assert {path: kept[path] & hidden.get(path, set()) for path in kept} == {path: set() for path in before}
    assert {path: kept[path] for path in kept if path not in WHOLE} == {
        path: before[path] - hidden.get(path, set()) for path in before if path not in WHOLE
    }
    assert unlike == []
    assert len({path.split("/")[2] for path in there}) >= 4, there
    assert (own.status_code, me.status_code) == (200, 200)
    assert untouched == others
    assert await lists(actor) == before


@pytest.mark.requirement("R-G08", "R-V62")
async def test_the_unit_is_kept_from_cases_their_texts_and_their_people(
    people: People, named: None, world: World
) -> None:
    officer, keeper = await people.as_("complaints-officer"), await people.as_("vault-keeper", step_up=True)
    purpose = {"X-Access-Purpose": "case_handling"}
    case, person = world.case.complaints[-1], f"/npm/person-records/{world.case.persons[-1]}"
    about = [case, f"{case}/consents", f"{case}/narrative"]
    before = [(await officer.get(path, headers=purpose)).status_code for path in about]
    revealed = (await keeper.send("POST", f"{person}/reveal", headers=purpose)).status_code

    async with conflicted(people, "complaints-officer", "place", PATTERN_PLACE):
        await until(officer, case, 404)
        after = [(await officer.get(path, headers=purpose)).status_code for path in about]
        acted = await officer.act(case, "close", is_person_told_or_unsafe=True)
    async with conflicted(people, "vault-keeper", "place", PATTERN_PLACE) as conflict:
        await eventually(partial(_is_nameless, keeper, conflict), seconds=5)
        hidden = (await keeper.send("POST", f"{person}/reveal", headers=purpose)).status_code
        absent = (await keeper.send("POST", f"/npm/person-records/{uuid4()}/reveal", headers=purpose)).status_code

    assert (before, revealed) == ([200, 200, 200], 200)
    assert after == [404, 404, 404]
    assert acted.status_code == 404
    assert (hidden, absent) == (404, 404)


async def _is_nameless(actor: Actor, conflict: str) -> bool:
    """Tell whether the place of an own conflict has lost its name, as everything of it has."""
    shown = await actor.read(f"/npm/conflicts/{conflict}")
    return bool(shown["target"]["name"] == "")


@pytest.mark.requirement("R-G08")
async def test_a_conflict_with_an_authority_hides_its_entry_and_the_places_that_it_runs(
    people: People, named: None
) -> None:
    staff, authority = await people.as_("staff"), ids.POLICE_DIRECTORATE
    run = [row["id"] for row in await every(staff, "/npm/places", f"&operator_id={authority}")]
    others = {row["id"] for row in await every(staff, "/npm/places")} - set(run)

    async with conflicted(people, "staff", "authority", authority):
        await until(staff, f"/npm/authorities/{authority}", 404)
        left = {row["id"] for row in await every(staff, "/npm/places")}
        single = {(await staff.get(f"/npm/places/{each}")).status_code for each in run[:5]}
        written = await staff.post("/npm/engagements", _talk(authority))
    await until(staff, f"/npm/authorities/{authority}", 200)

    assert run
    # departments and other bodies under it run places as well
    assert left <= others
    assert len(left) > len(others) / 2
    assert single == {404}
    assert written.status_code in (404, 409, 422)


def _talk(authority: str) -> dict[str, Any]:
    return {
        "action": "log", "format": "bilateral", "channel": "in_person", "purposes": ["thematic"], "held_on": "2026-10-01",
        "counterpart_ids": [authority], "participant_ids": [ids.STAFF], "summary": "About it.",
    }  # fmt: skip


@pytest.mark.requirement("R-G08")
async def test_a_decision_on_what_is_hidden_finds_nothing(people: People, named: None, cluster: Server) -> None:
    head, visits = await people.as_("head"), await told(cluster, "visits", _GOES_THERE.format(PATTERN_PLACE))
    visit = sorted(str(each) for each in visits)[0]
    order = {"json": {"action": "cancel", "reason": "no"}, "headers": {"If-Match": '"1"'}}

    async with conflicted(people, "head", "place", PATTERN_PLACE):
        await until(head, f"/npm/visits/{visit}", 404)
        answers = [
            answer_of(await head.send("POST", f"/npm/visits/{each}/transitions", **order)) for each in (visit, uuid4())
        ]
    await until(head, f"/npm/visits/{visit}", 200)

    assert answers[0] == answers[1]
    assert answers[0].status == 404


@pytest.mark.requirement("R-G08")
@pytest.mark.parametrize("persona", ["staff", "expert"])
async def test_a_conflict_with_a_visit_hides_the_visit_and_what_came_of_it(
    people: People, named: None, cluster: Server, persona: str
) -> None:
    actor = await people.as_(persona)
    audience = "expert" if persona == "expert" else "npm"
    listed = {row["id"] for row in await every(actor, f"/{audience}/visits")}
    sql = "SELECT visit_id FROM recommendation WHERE visit_id IS NOT NULL AND state <> 'dropped'"
    visit = sorted(listed & {str(each) for each in await told(cluster, "recommendations", sql)})[0]
    came = await told(cluster, "recommendations", f"SELECT id FROM recommendation WHERE visit_id = '{visit}'")
    before = {row["id"] for row in await every(actor, f"/{audience}/recommendations")}

    async with conflicted(people, persona, "matter", visit):
        await until(actor, f"/{audience}/visits/{visit}", 404)
        left = {row["id"] for row in await every(actor, f"/{audience}/visits")}
        kept = {row["id"] for row in await every(actor, f"/{audience}/recommendations")}
    await until(actor, f"/{audience}/visits/{visit}", 200)

    assert left == listed - {visit}
    assert kept == before - {str(each) for each in came}
    assert before - kept

"""Operations at the door: everybody sees and cancels own ones, in one list over all services; the picture holds counts alone."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from deploy.postgres.server import Server
from shared.access import Operation
from shared.caller import Caller
from shared.claims import caller_from
from shared.db import Database
from shared.operations import queries, usecases
from shared.settings import DATABASES, SERVICES, Settings
from tests.people import Actor, People

ORDERERS = {"npm": "staff", "expert": "expert", "authority": "authority-official", "partner": "partner"}


def caller_of(actor: Actor) -> Caller:
    """Give the caller that the gateway makes of an actor's token."""
    claims = str(actor.token).split(".")[1]
    return caller_from(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))))


@dataclass
class Orders:
    """Orders operations in a person's name as a route does, but that no job is queued: they wait for ever."""

    databases: dict[str, Database]
    owners: dict[str, asyncpg.Connection]

    async def waiting(self, actor: Actor, service: str = "visits", kind: str = "import_places") -> str:
        """Order one, and give its id."""
        caller, operation_id = caller_of(actor), uuid4()
        row = Operation(operation=kind, audience=caller.audience_class, scopes=(), object="none")
        async with self.databases[service].work(caller, row) as work:
            await work.connection.execute(
                queries.INSERT,
                operation_id,
                kind,
                '{"mapping": "told in confidence"}',
                usecases.written(caller),
                10,
                30,
            )
        return str(operation_id)

    async def ended(self, service: str, operation_id: str, **values: Any) -> None:
        """Let an operation have come to an end."""
        told = ", ".join(f"{name} = ${number}" for number, name in enumerate(values, start=2))
        await self.owners[service].execute(
            f"UPDATE operation SET finished_at = a22_now(), {told} WHERE id = $1", UUID(operation_id), *values.values()
        )


@pytest_asyncio.fixture
async def orders(people: People, experts: None, cluster: Server, settings: Settings) -> AsyncIterator[Orders]:
    """Give a way to order something that waits, in every service."""
    databases = {name: Database(cluster.url(f"{name}_app", name), service=name, pool_size=1) for name in SERVICES}
    owners = {name: await asyncpg.connect(cluster.url(f"{name}_owner", name)) for name in SERVICES}
    yield Orders(databases, owners)
    for name in SERVICES:
        await databases[name].close()
        await owners[name].close()


@pytest.mark.parametrize(("audience", "persona"), ORDERERS.items())
async def test_everybody_sees_own_ones_and_nobody_elses(
    people: People, orders: Orders, audience: str, persona: str
) -> None:
    mine, service = await people.as_(persona), "recommendations"
    operation_id = await orders.waiting(mine, service, "import_recommendations")

    shown = await mine.read(f"/{audience}/operations/{operation_id}")
    listed = await mine.read(f"/{audience}/operations")

    assert shown.pop("created_at")
    assert shown.pop("expires_on")
    assert shown == {
        "id": operation_id, "kind": "import_recommendations", "state": "waiting", "progress": {"done": 0, "total": 10},
        "result": None, "problem": None, "finished_at": None, "allowed_actions": ["cancel"],
    }  # fmt: skip
    assert operation_id in [each["id"] for each in listed["items"]]
    for other_class, other in {**ORDERERS, "npm": "head"}.items():
        if other == persona:
            continue
        stranger = await people.as_(other, step_up=True)
        hidden = await stranger.get(f"/{other_class}/operations/{operation_id}")
        absent = await stranger.get(f"/{other_class}/operations/{uuid4()}")
        assert (hidden.status_code, hidden.json() | {"instance": ""}) == (404, absent.json() | {"instance": ""})
        others = (await stranger.read(f"/{other_class}/operations"))["items"]
        assert operation_id not in [each["id"] for each in others]
        refused = await stranger.act(f"/{other_class}/operations/{operation_id}", "cancel")
        assert refused.status_code == 404
    assert (await mine.get(f"/{audience}/operations/malformed")).status_code == 404


async def test_cancelling_needs_the_version_or_a_star(people: People, orders: Orders) -> None:
    staff = await people.as_("staff")
    path = f"/npm/operations/{await orders.waiting(staff, 'complaints', 'import_complaints')}"
    order = {"action": "cancel"}

    assert (await staff.post(f"{path}/transitions", order)).status_code == 428
    stale = await staff.post(f"{path}/transitions", order, headers={"If-Match": '"stale"'})
    assert stale.status_code == 412
    cancelled = await staff.post(f"{path}/transitions", order, headers={"If-Match": "*"})
    again = await staff.act(path, "cancel")

    assert (cancelled.status_code, cancelled.json()["state"], cancelled.json()["allowed_actions"]) == (
        200,
        "cancelled",
        [],
    )
    assert cancelled.json()["finished_at"]
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")


async def test_the_list_runs_over_all_services_and_is_paged(people: People, orders: Orders) -> None:
    staff, other = await people.as_("staff"), await people.as_("head")
    made = [await orders.waiting(staff, service, f"import_{service}") for service in (*SERVICES, *SERVICES)]
    await orders.waiting(other)

    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await staff.read(f"/npm/operations?limit=3{f'&cursor={cursor}' if cursor else ''}")
        assert len(page["items"]) <= 3
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]

    assert seen == made[::-1]
    counted = await staff.read("/npm/operations?limit=1&count=exact&kind=import_visits&kind=import_complaints")
    assert (counted["count"], len(counted["items"])) == (4, 1)
    assert (await staff.read("/npm/operations?state=done"))["items"] == []
    first = (await staff.read("/npm/operations?limit=1"))["next_cursor"]
    assert (await other.get(f"/npm/operations?limit=1&cursor={first}")).status_code == 400
    assert (await staff.get("/npm/operations?state=unheard-of")).status_code == 422
    assert (await staff.get("/npm/operations?before=2020-01-01T00:00:00Z")).status_code == 422


async def test_a_result_and_a_problem_are_shown(people: People, orders: Orders) -> None:
    staff = await people.as_("staff")
    done, failed = await orders.waiting(staff), await orders.waiting(staff)
    problem = {"type": "/problems/x", "title": "Conflict", "status": 409, "code": "x", "detail": "no", "errors": []}
    await orders.ended("visits", done, state="done", result='{"total": 3}')
    await orders.ended("visits", failed, state="failed", problem=json.dumps(problem), problem_code="x")

    assert (await staff.read(f"/npm/operations/{done}"))["result"] == {"total": 3}
    assert (await staff.read(f"/npm/operations/{failed}"))["problem"] == problem


@pytest.mark.parametrize("audience", ORDERERS)
async def test_what_the_gateway_asks_inside_is_at_no_door(people: People, audience: str) -> None:
    actor = await people.as_(ORDERERS[audience])

    for service in SERVICES:
        for path in (f"/{service}-operations", f"/{service}-operations/{uuid4()}"):
            assert (await actor.get(f"/{audience}{path}")).status_code == 404
        assert (await actor.get(f"/service/{service}-jobs")).status_code == 403


async def test_the_picture_holds_counts_and_codes_alone(people: People, orders: Orders) -> None:
    staff, sysadmin = await people.as_("staff"), await people.as_("sysadmin")
    await orders.waiting(staff, "visits")
    failed = await orders.waiting(staff, "visits")
    await orders.ended("visits", failed, state="failed", problem_code="register_closed")

    answer = await sysadmin.get("/npm/jobs")
    [visits] = [each for each in answer.json()["services"] if each["service"] == "visits"]
    [kind] = [each for each in visits["kinds"] if each["kind"] == "import_places"]

    assert {each["service"] for each in answer.json()["services"]} == set(DATABASES)
    assert (kind["waiting"], kind["running"], kind["failed"]) == (1, 0, 1)
    assert kind["oldest_waiting_seconds"] >= 0
    assert [each["problem_code"] for each in kind["last_failures"]] == ["register_closed"]
    assert "confidence" not in answer.text
    assert failed not in answer.text
    assert caller_of(staff).subject not in answer.text


async def test_the_picture_is_for_those_who_answer_for_the_system(people: People) -> None:
    statuses = {name: (await (await people.as_(name)).get("/npm/jobs")).status_code
                for name in ("head", "sysadmin", "data-protection-officer", "staff", "complaints-officer", "member")}  # fmt: skip

    assert statuses == {
        "head": 200, "sysadmin": 200, "data-protection-officer": 200, "staff": 403, "complaints-officer": 403, "member": 403,
    }  # fmt: skip

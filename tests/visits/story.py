"""What visits' tests tell the service and make in it: events of other services, places, people, visits.

Events are applied as a consumer applies them: in a transaction of the worker role, through the table of reactions.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from deploy.postgres.server import Server
from services.visits.reactions import FEEDS
from shared.db import Database
from shared.inbox import Received
from tests.people import Actor, People

PRISON_SERVICE = "f9d212a8-7680-4faf-8923-9f324d2f29b3"
POLICE = "40d80bea-6054-4184-8c2d-53cbed320d47"
HEAD = "bbb77181-7301-4890-8fce-d2aa94075a60"
MEMBER = "11c04990-bb64-43ef-baa6-6369149d637f"
STAFF = "e7a9502e-445d-45a0-ad56-07ad11b97980"
SECONDEE = "8366779c-1411-4a22-ab10-a363276c4eff"
EXPERT = "7bf4b43d-3c15-4834-899c-51a69f732f60"
EXPERT_TWO = "4f783539-a70f-495d-899d-7d6ea739f8a9"
KINDS = {HEAD: "member", MEMBER: "member", STAFF: "staff", SECONDEE: "secondee", EXPERT: "expert", EXPERT_TWO: "expert"}
BASIS = {"is_under_jurisdiction_and_control": True, "may_not_leave_at_will": True, "authority_involvement": "order"}
#: Far enough on either side that midnight between does not matter.
_LOADED = datetime.now(UTC).date()
LONG = {"from": str(_LOADED - timedelta(days=400)), "to": str(_LOADED + timedelta(days=400))}


def today() -> date:
    """Give the day that the services see: the suite may run over midnight."""
    return datetime.now(UTC).date()


@dataclass
class Feeds:
    """Tells the visits service what other services said."""

    database: Database
    accreditations: dict[str, list[str]] = field(default_factory=dict)

    async def tell(self, name: str, subject: str, /, **values: Any) -> None:
        """Apply one event."""
        event = Received(1, uuid4().hex, name, subject, today(), values)
        async with self.database.inside("worker", operation="consume") as work:
            await FEEDS[name.split(".", maxsplit=1)[0]][name](work, event)

    async def accredit(self, person: str, authority: str = PRISON_SERVICE, **changes: Any) -> str:
        """Accredit somebody; gives the accreditation's id."""
        made = str(uuid4())
        self.accreditations.setdefault(person, []).append(made)
        values = {"person_id": person, "authority_id": authority, "state": "granted", **LONG, **changes}
        await self.tell("stakeholders.accreditation.granted", made, **values)
        return made

    async def conflict(self, person: str, effect: str, **changes: Any) -> None:
        """Decide a conflict of interest."""
        values = {"person_id": person, "effect": effect, "state": "in_force", "from": None, "until": None, **changes}
        await self.tell("stakeholders.conflict_declaration.decided", str(uuid4()), **values)

    async def people(self) -> None:
        """Name authorities and people, accredit them with the prison service, put experts in standing."""
        for authority, name in ((PRISON_SERVICE, "Prison Service"), (POLICE, "Police Directorate")):
            await self.tell(
                "stakeholders.stakeholder.changed", authority, name=name, kind="authority", category="", parent_ids=[]
            )
        for person, kind in KINDS.items():
            await self.tell("stakeholders.person.changed", person, name=f"The {kind}", kind=kind, expertise=["law"])
            await self.accredit(person)
            if kind == "expert":
                values = {"person_id": person, "state": "accredited", "in_standing": True, **LONG}
                await self.tell("stakeholders.expert_engagement.accredited", str(uuid4()), **values)


@asynccontextmanager
async def open_feeds(cluster: Server) -> AsyncIterator[Feeds]:
    """Open the service's database as its own app role."""
    database = Database(cluster.url("visits_app", "visits"), service="visits", pool_size=2)
    try:
        yield Feeds(database)
    finally:
        await database.close()


async def make_place(people: People, **changes: Any) -> dict[str, Any]:
    """Register and confirm a prison of the prison service."""
    staff = await people.as_("staff")
    new = {
        "name": "North Prison",
        "place_type": "prison",
        "operator_id": PRISON_SERVICE,
        "mandate_basis": BASIS,
        **changes,
    }
    place = await staff.made("/npm/places", new)
    return await staff.done(f"/npm/places/{place['id']}", "confirm")


async def propose(actor: Actor, place: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Propose an unannounced visit today, led by the staff member."""
    new = {
        "type": "in_depth", "purposes": ["regular_monitoring"], "announcement": "unannounced",
        "places": [{"place_id": place["id"]}], "days": [str(today())], "lead_id": STAFF,
    }  # fmt: skip
    return await actor.made("/npm/visits", {**new, **changes})


async def give(actor: Actor, visit: dict[str, Any], person: str, role: str, **more: Any) -> dict[str, Any]:
    """Give somebody a role."""
    return await actor.made(f"/npm/visits/{visit['id']}/team", {"person_id": person, "role": role, **more})


async def put(actor: Actor, path: str, visit: dict[str, Any], json: Any) -> Any:
    """Put a part of a visit with the ETag of its present version."""
    tag = (await actor.get(f"/npm/visits/{visit['id']}")).headers["ETag"]
    return await actor.send("PUT", f"/npm/visits/{visit['id']}/{path}", json=json, headers={"If-Match": tag})


def preparation(*persons: str) -> dict[str, Any]:
    """Write a preparation in which these people took part."""
    return {
        "issues": ["isolation"], "required_expertise": ["law"], "is_expertise_checked": True,
        "participations": [{"person_id": person, "on": str(today())} for person in persons],
        "interview_plan": [{"unit": "Wing A", "unit_population": 80, "cover_count": 12}],
    }  # fmt: skip


async def prepared(
    people: People, place: dict[str, Any], *, with_expert: bool = True, **changes: Any
) -> dict[str, Any]:
    """Bring a visit to the point where it only has to be confirmed."""
    head, staff = await people.as_("head"), await people.as_("staff")
    visit = await propose(head, place, **changes)
    path = f"/npm/visits/{visit['id']}"
    await head.done(path, "plan")
    for person, role in ((STAFF, "drafter"), (HEAD, "approver"), (MEMBER, "authority_contact")):
        await give(staff, visit, person, role)
    if with_expert:
        await give(staff, visit, EXPERT, "team_member", tasks=["health care"])
    await staff.done(path, "prepare")
    answer = await put(staff, "preparation", visit, preparation(STAFF, *([EXPERT] if with_expert else [])))
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def codes(answer: Any) -> list[str]:
    """Give the codes of a refusal."""
    assert answer.status_code == 409, answer.text
    return [error["code"] for error in answer.json()["errors"]]


def days_ago(days: float) -> date:
    """Give a day in the past."""
    return today() - timedelta(days=round(days))

"""A world in which every operation has a thing of its own to be asked about: the made-up country, the plantings, the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from deploy.demo.country import ids
from deploy.demo.country.places import PATTERN_PLACE
from deploy.postgres.server import Server
from gateway.development import PERSONAS
from shared.settings import DATABASES
from tests.access.matrix.kept import ORIGIN
from tests.access.matrix.objects import KINDS, Kind, statement
from tests.access.matrix.recorder import Recorder
from tests.harm import hidden_work, plant_complaints, plant_work
from tests.harm.canaries import Canaries
from tests.harm.country import loaded
from tests.machines.machine import Machine, proposed, registered
from tests.people import People
from tests.stakeholders.made import imported
from tests.visits.story import today

#: What takes longer than a request is ordered by the NPM alone so far, and is done at once: a row for each class stands for
#: what waits. No job is behind it.
OPERATION = """
INSERT INTO operation (id, kind, state, arguments, caller, subject, audience, ordered_under, expires_on)
VALUES ($1, 'import_places', 'waiting', '{}', '{}', $2, $3, '{}', a22_today() + 30)
"""
Ids = tuple[str, ...]
#: The rank of what was not planted on purpose: after everything that was.
UNPLANTED = 10_000


@dataclass
class Planted:
    """What is there: every thing of each kind, whose it is, and who was answered on the way there."""

    recorder: Recorder
    #: By template and persona: the things that are the persona's own, and those that are somebody else's.
    own: dict[tuple[str, str], list[Ids]] = field(default_factory=dict)
    others: dict[tuple[str, str], list[Ids]] = field(default_factory=dict)
    #: Where the secondee comes from, with all that hangs under it.
    origin: tuple[str, ...] = ()


async def plant(people: People, cluster: Server) -> Planted:
    """Make the world, through the API but for what the API cannot order yet."""
    recorder = Recorder()
    people.client.event_hooks["response"].append(recorder)
    try:
        await loaded(cluster, people)
        canaries = Canaries()
        case = await plant_complaints.plant(people, canaries)
        made = await plant_work.plant(people, canaries, cluster)
        await hidden_work.readied_visit(people)
        await _the_rest(people, cluster)
        await _access(people)
    finally:
        people.client.event_hooks["response"].remove(recorder)
    planted = Planted(recorder, origin=await _origin(cluster))
    await _whose(planted, cluster, _ranked({"draft": made.draft}, vars(case), vars(made)))
    return planted


async def _the_rest(people: People, cluster: Server) -> None:
    """Make what the country and the plantings have none of."""
    staff = await people.as_("staff")
    waits = {"name": "All prisons", "place_type": "prison", "region": "North", "review": "by its name many places"}
    known = {"name": "Small Lock-up", "place_type": "prison", "region": "North"}
    await imported(people, "places", waits, known, source="doubtful")
    alias = {"place_source": "doubtful", "place_row": "pl-2", "text": "The old gaol"}
    await imported(people, "place-aliases", alias, source="aliases")
    for source, name in (("register", "Office of Culture"), ("tree", "Office of Digital Culture")):
        await imported(people, "authorities", {"name": name, "website": "https://culture.example/"}, source=source)
    written = {"text": {"en": "Report 1"}, "state": "transmitted", "transmitted_on": "2025-01-06",
               "written_addressees": ["Prisons of the North"]}  # fmt: skip
    await imported(people, "recommendations", written, source="written")
    other = {"body_kind": "spt", "place_ids": [PATTERN_PLACE], "from_on": str(today()), "to_on": str(today())}
    await staff.made("/npm/external-visits", other)
    # reports about no visit are open to everybody who works there, but for what the secondee is kept from
    police = (await staff.read(f"/npm/places?operator_id={ids.POLICE_DIRECTORATE}"))["items"][0]["id"]
    for place_id in (PATTERN_PLACE, police):
        sections = [{"heading": "Law", "text": "What it says."}]
        await staff.made(
            "/npm/reports", {"kind": "thematic", "title": "Isolation", "place_ids": [place_id], "sections": sections}
        )
    declared = await staff.made("/npm/conflicts", {"kind": "personal_or_family_tie", "target_kind": "authority",
                                                   "target_id": ids.POLICE_DIRECTORATE, "explanation": "A cousin works there."})  # fmt: skip
    # while it is open it takes away all that concerns the police, and this is the world of somebody who has it all
    await (await people.as_("head")).done(f"/npm/conflicts/{declared['id']}", "find_none", reason="another cousin")
    for name, told in PERSONAS.items():
        if name in ("expert", "authority-official", "authority-official-two", "partner", "partner-two"):
            await _operation(cluster, "visits", told.subject, told.audience_class)
    await _operation(cluster, "stakeholders", PERSONAS["staff"].subject, "npm")


async def _access(people: People) -> None:
    """Make logins and machines that were let in and such that wait, and an access that was ended."""
    sysadmin, head = await people.as_("sysadmin", step_up=True), await people.as_("head", step_up=True)
    for number, roles in enumerate((["staff"], ["staff"], ["complaints_officer"], ["complaints_officer"])):
        invited = {
            "issuer": "https://login.example/npm",
            "subject": f"login-{number}",
            "audience_class": "npm",
            "roles": roles,
        }
        person = {"name": f"Employee {number}", "kind": "staff"}
        await sysadmin.made("/npm/accounts", {**invited, "person_id": (await head.made("/npm/persons", person))["id"]})
    for name in ("partner", "partner-two"):
        system, bound = PERSONAS[name], dict(PERSONAS[name].bound)
        scopes = ["gateway:operations.read", "gateway:webhooks.write"]
        await registered(people, Machine(system.subject, f"{name}-1"), roles=["partner_system"], scopes=scopes, **bound)
    for _ in range(2):
        await proposed(people, Machine())
        await registered(people, Machine())
    for number in range(2):
        await head.made(
            "/npm/access-revocations", {"kind": "token", "value": f"token-{number}", "reason": "precaution"}
        )


async def _origin(cluster: Server) -> Ids:
    connection = await asyncpg.connect(cluster.url("stakeholders_owner", "stakeholders"))
    try:
        return tuple(row["id"] for row in await connection.fetch(ORIGIN, UUID(ids.SECONDEE)))
    finally:
        await connection.close()


async def _operation(cluster: Server, service: str, subject: str, audience: str) -> None:
    connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
    try:
        await connection.execute(OPERATION, uuid4(), subject, f"{service}_{audience}")
    finally:
        await connection.close()


async def _whose(planted: Planted, cluster: Server, preferred: Mapping[str, int]) -> None:
    """Ask the owner of each database which things there are and whose; those planted on purpose come first."""
    for service in DATABASES:
        connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
        try:
            for kind in (each for each in KINDS.values() if each.service == service):
                for persona in ["", *PERSONAS]:
                    found = [tuple(row) for row in await connection.fetch(statement(kind, persona, planted.origin))]
                    _sort(planted, kind, persona, found, preferred)
        finally:
            await connection.close()


def _sort(
    planted: Planted, kind: Kind, persona: str, found: Sequence[tuple[Any, ...]], preferred: Mapping[str, int]
) -> None:
    told = sorted(
        (sum(preferred.get(str(part), UNPLANTED) for part in row[:-1]), tuple(map(str, row[:-1])), row[-1])
        for row in found
    )
    own = [things for _rank, things, is_own in told if is_own]
    planted.own[kind.template, persona] = own
    planted.others[kind.template, persona] = [
        things for _rank, things, is_own in told if not is_own and things not in own
    ]


def _ranked(*told: Mapping[str, Any]) -> dict[str, int]:
    """Rank the ids in the paths of what was planted, always alike, and the institutions that most of it is about."""
    values = [value for each in told for value in each.values()]
    paths = [path for value in values for path in (value if isinstance(value, list) else [value])]
    parts = [*(part for path in paths for part in str(path).split("/")), PATTERN_PLACE, ids.PRISON_SERVICE]
    return {part: rank for rank, part in enumerate(dict.fromkeys(parts))}

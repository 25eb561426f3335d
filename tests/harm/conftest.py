"""The made-up country, loaded once for the tests that only read it or look for what moves."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest_asyncio

from deploy.demo.country import ids
from deploy.demo.country.places import PATTERN_PLACE
from deploy.postgres.server import Server
from gateway.development import PERSONAS
from tests.harm import hidden_work, plant_complaints, plant_work, refusals
from tests.harm.canaries import Canaries
from tests.harm.country import loaded
from tests.harm.crawl import Crawl
from tests.people import People


@pytest_asyncio.fixture(scope="package")
async def country(cluster: Server, people: People) -> None:
    """Load the made-up country into the emptied system; the tests of this folder share it."""
    await loaded(cluster, people)


@dataclass
class World:
    """The country with everything planted in it."""

    canaries: Canaries
    case: plant_complaints.Case
    made: plant_work.Made
    logged: list[tuple[str, str]]
    secret_visit: str = ""
    runs: list[str] = field(default_factory=list)


@pytest_asyncio.fixture(scope="package")
async def world(country: None, people: People, cluster: Server) -> AsyncIterator[World]:
    """Plant a canary in every restricted field; the records of every log are kept from here on."""
    keeper = Keeper()
    root = logging.getLogger()
    level = root.level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    try:
        canaries = Canaries()
        case = await plant_complaints.plant(people, canaries)
        made = await plant_work.plant(people, canaries, cluster)
        secret = await hidden_work.readied_visit(people)
        yield World(canaries, case, made, keeper.lines, secret)
    finally:
        root.setLevel(level)
        root.removeHandler(keeper)


class Keeper(logging.Handler):
    """Keeps every record as it would be written, with what it carries beside its words."""

    def __init__(self) -> None:
        """Keep from the first level on."""
        super().__init__(logging.NOTSET)
        self.lines: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self.lines.append((record.name, f"{self.format(record)} {record.__dict__}"))


@pytest_asyncio.fixture(scope="package")
async def used(world: World, people: People) -> refusals.Refused:
    """Let the system work on what was planted: patterns, priorities, openings, and refusals of every kind."""
    officer, head = await people.as_("complaints-officer"), await people.as_("head", step_up=True)
    purpose = {"X-Access-Purpose": "case_handling"}
    for path in world.case.complaints:
        await officer.get(f"{path}/narrative", headers=purpose)
    for each in world.case.persons:
        await officer.send("POST", f"/npm/person-records/{each}/reveal", headers=purpose)
    for actor, run in ((officer, "/npm/analysis-runs"), (head, "/npm/priority-runs"), (head, "/npm/deadline-runs")):
        answer = await actor.post(run)
        assert answer.status_code in (200, 201), answer.text
        if "id" in answer.json():
            world.runs.append(f"{run}/{answer.json()['id']}")
    return await refusals.provoke(
        people, world.canaries, referral=world.case.referrals[0], complaint=world.case.complaints[-1]
    )


@dataclass
class Walks:
    """The walk of each persona through its audience's reads; made once, when first asked for."""

    people: People
    world: World
    made: dict[str, Crawl] = field(default_factory=dict)

    async def of(self, name: str) -> Crawl:
        """Walk as a persona, or as nobody; every list is read, and the first of each is followed."""
        if name not in self.made:
            actor = await self.people.as_(name, step_up=True) if name else self.people.stranger()
            audience = PERSONAS[name].audience_class if name else "public"
            self.made[name] = Crawl(actor, audience, follow=2, also=self._planted())
            await self.made[name].walk()
        return self.made[name]

    def _planted(self) -> dict[str, list[str]]:
        """Give the ids of what was planted, by the list that each stands in."""
        made, case = self.world.made, self.world.case
        paths = [
            *case.complaints, made.visit, made.report, made.recommendation, made.draft, made.remark,
            f"/npm/places/{PATTERN_PLACE}", f"/npm/authorities/{ids.POLICE_DIRECTORATE}",
            f"/npm/briefings/authorities/{ids.PRISON_SERVICE}", *self.world.runs,
        ]  # fmt: skip
        found: dict[str, list[str]] = {}
        for path in paths:
            listing, _, identity = path.rpartition("/")
            for inside in (listing, f"/npm/{listing.rpartition('/')[2]}"):
                found.setdefault(inside, []).append(identity)
        return found


@pytest_asyncio.fixture(scope="package")
async def walks(world: World, people: People, used: refusals.Refused) -> Walks:
    """Give the walks through the planted world."""
    return Walks(people, world)

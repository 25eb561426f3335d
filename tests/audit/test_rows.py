"""The journal in PostgreSQL, as the role of the NPM: whose rows these are, and from which rows who is kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.postgres.server import Server
from shared.caller import Caller
from shared.db import Database
from shared.journal import Event
from tests.complaints import cast
from tests.people import People
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("empty")
MINE = "SELECT action, subject_id FROM journal WHERE person = $1"


@asynccontextmanager
async def opened(cluster: Server, service: str) -> AsyncIterator[Database]:
    """Connect to a service's database as its app does."""
    database = Database(cluster.url(f"{service}_app", service), service=service, pool_size=1)
    try:
        yield database
    finally:
        await database.close()


def reader(role: str = "head", **more: Any) -> Caller:
    """Make somebody of the NPM."""
    return Caller(
        subject=str(uuid4()), audience_class="npm", roles=frozenset({role}), **{"person_id": str(uuid4()), **more}
    )


async def written(database: Database, *events: Event) -> str:
    """Let somebody leave these rows; gives who, once they are sealed."""
    author = reader("staff")
    async with database.work(author) as work:
        for event in events:
            work.record(event)

    async def are_sealed() -> bool:
        return len(await seen(database, reader(), author.person)) == len(events)

    await eventually(are_sealed)
    return author.person


async def seen(database: Database, caller: Caller, person: str) -> set[str]:
    """Give the actions of somebody's rows that a caller finds."""
    async with database.work(caller, writing=False) as work:
        return {row["action"] for row in await work.connection.fetch(MINE, person)}


def event(name: str, subject_id: Any = "-", *, confidentiality: str = "INT", **values: Any) -> Event:
    """Make a fact that stays inside."""
    return Event(name, subject_id, values, confidentiality=confidentiality, leaves=False)


ROLES = ("member", "staff", "secondee", "complaints_officer", "vault_keeper", "sysadmin", "expert")


@pytest.mark.parametrize("service", ["visits", "complaints", "gateway"])
async def test_nobody_but_head_and_data_protection_officer_finds_a_row(
    people: People, cluster: Server, service: str
) -> None:
    async with opened(cluster, service) as database:
        person = await written(database, event("tests.thing.done"))

        found = {
            role: await seen(database, reader(role), person) for role in (*ROLES, "data_protection_officer", "head")
        }

    assert found == {
        **{role: set() for role in ROLES}, "data_protection_officer": {"tests.thing.done"}, "head": {"tests.thing.done"},
    }  # fmt: skip


@pytest.mark.parametrize("column", ["seq", "prev_hash", "hash", "leaves"])
async def test_the_chain_and_its_numbers_are_nobodys_to_read(people: People, cluster: Server, column: str) -> None:
    async with opened(cluster, "visits") as database:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.work(reader(), writing=False) as work:
                await work.connection.fetch(f"SELECT {column} FROM journal LIMIT 1")


@pytest.mark.parametrize("role", ["head", "data_protection_officer"])
async def test_a_row_that_names_what_the_reader_is_kept_from_is_not_there(
    people: People, cluster: Server, role: str
) -> None:
    place, authority = str(uuid4()), str(uuid4())
    kept_from = reader(role, excluded_places=(place,), excluded_authorities=(authority,))
    events = (
        event("tests.place.itself", place),
        event("tests.place.named", place_id=place),
        event("tests.place.listed", place_ids=[str(uuid4()), place]),
        event("tests.authority.itself", authority),
        event("tests.authority.named", authority_id=authority),
        event("tests.authority.listed", authority_ids=[authority]),
        event("tests.authority.met", counterpart_ids=[authority]),
        event("tests.other.named", place_id=str(uuid4()), authority_id=str(uuid4()), place_ids=[str(uuid4())]),
        event("tests.nothing.named"),
    )
    async with opened(cluster, "stakeholders") as database:
        person = await written(database, *events)

        assert await seen(database, reader(role), person) == {each.name for each in events}
        assert await seen(database, kept_from, person) == {"tests.other.named", "tests.nothing.named"}


@pytest.mark.parametrize("role", ["head", "data_protection_officer"])
async def test_whoever_is_kept_from_a_case_finds_no_row_about_it(people: People, cluster: Server, role: str) -> None:
    place = await cast.known_place(people)
    await cast.agreed_profile(people)
    case = await cast.accepted(people)
    referral = await cast.referral_of(people, "OMB-2026-004711")
    complained_of = reader(role)
    owner = await asyncpg.connect(cluster.url("complaints_owner", "complaints"))
    try:
        await owner.execute(
            "UPDATE complaint SET against_person_ids = ARRAY[$2::uuid] WHERE id = $1",
            case["id"],
            complained_of.person_id,
        )
    finally:
        await owner.close()
    about = {
        "tests.case.itself": case["id"], "tests.person.itself": case["person_refs"][0], "tests.referral.itself": referral["id"],
    }  # fmt: skip
    events = [event(name, subject, confidentiality="RES") for name, subject in about.items()]
    events.append(event("tests.part.named", str(uuid4()), confidentiality="RES", case_id=case["id"]))
    others = [event("tests.other.case", str(uuid4()), confidentiality="RES"), event("tests.no.case")]

    async with opened(cluster, "complaints") as database:
        person = await written(database, *events, *others)
        found = {
            "anybody": await seen(database, reader(role), person),
            "complained of": await seen(database, complained_of, person),
            "place": await seen(database, reader(role, excluded_places=(place["id"],)), person),
            "another place": await seen(database, reader(role, excluded_places=(str(uuid4()),)), person),
        }

    everything, rest = {each.name for each in (*events, *others)}, {each.name for each in others}
    assert found == {"anybody": everything, "complained of": rest, "place": rest, "another place": everything}

"""Reads of what is restricted: each leaves its journal row, with its purpose, before a byte of the answer leaves.

The list is the access table's; an operation that is marked there and has no way of being asked here turns this red.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from deploy.postgres.server import Server
from gateway import operations
from gateway.development import PERSONAS
from shared.access import Operation
from shared.caller import Caller
from shared.db import Database
from shared.errors import Internal
from shared.journal import Event
from shared.protection import AUDIENCE_ROLES
from shared.purposes import AccessPurpose
from shared.settings import DATABASES
from tests.complaints import cast
from tests.complaints.cast import PURPOSE, SECRETS
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")

JOURNALED = {row.key: row for row in operations.table(with_development=True).operations.values() if row.journal_read}
#: What people told us and who they are: read for a purpose alone. The journal itself holds nothing of it.
OF_PEOPLE = sorted(key for key, row in JOURNALED.items() if row.purpose)
WRITTEN = """
SELECT count(*) FROM (
  SELECT actor, operation, subject_id, payload FROM journal_queue
  UNION ALL SELECT actor, operation, subject_id, payload FROM journal) kept
WHERE actor = $1 AND operation = $2 AND subject_id = $3 AND payload ->> 'purpose' IS NOT DISTINCT FROM $4
"""
COLUMNS = "(id, action, subject_id, confidentiality, leaves, payload)"


@dataclass(frozen=True)
class Asked:
    """One read of what is restricted: who asks, how, for what, and the words that it shows."""

    persona: str
    method: str
    path: str
    subject_id: str
    shows: str


async def narrative(people: People) -> Asked:
    """Ask for what people told in a case."""
    case_id = (await case(people))["id"]
    return Asked("complaints-officer", "GET", f"/npm/complaints/{case_id}/narrative", case_id, SECRETS["narrative"])


async def identity(people: People) -> Asked:
    """Ask who somebody is."""
    person_id = (await case(people))["person_refs"][0]
    return Asked("complaints-officer", "POST", f"/npm/person-records/{person_id}/reveal", person_id, SECRETS["name"])


async def journal(_people: People) -> Asked:
    """Ask who did what."""
    return Asked("data-protection-officer", "GET", "/npm/journal", "-", '"recorded_at"')


async def case(people: People) -> dict[str, Any]:
    """Have a case with a person and a narrative."""
    await cast.known_place(people)
    await cast.agreed_profile(people)
    return await cast.accepted(people)


WAYS: dict[str, Callable[[People], Awaitable[Asked]]] = {
    "npm.get_complaint_narrative": narrative,
    "npm.list_journal": journal,
    "npm.reveal_person": identity,
}


@asynccontextmanager
async def owner(cluster: Server, service: str) -> AsyncIterator[asyncpg.Connection]:
    """Connect as the owner of a service's database."""
    connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
    try:
        yield connection
    finally:
        await connection.close()


async def rows_of(connection: asyncpg.Connection, row: Operation, asked: Asked, purpose: str) -> int:
    """Count the journal rows of a read: actor, operation, subject, and the purpose where one is asked for."""
    subject = PERSONAS[asked.persona].subject
    found: int = await connection.fetchval(
        WRITTEN, subject, row.key, asked.subject_id, purpose if row.purpose else None
    )
    return found


def test_every_journaled_read_is_asked_here_and_names_a_purpose() -> None:
    assert WAYS.keys() == JOURNALED.keys()
    assert set(JOURNALED) - set(OF_PEOPLE) == {"npm.list_journal"}


@pytest.mark.requirement("R-G10")
@pytest.mark.parametrize("key", sorted(JOURNALED))
async def test_the_row_is_kept_before_the_answer_begins(people: People, cluster: Server, key: str) -> None:
    """Looks at the database, over another connection, in the moment in which the answer's first byte would leave."""
    if people.app is None:
        pytest.skip("the moment of the first byte is seen in one process only")
    row, asked = JOURNALED[key], await WAYS[key](people)
    actor = await people.as_(asked.persona, step_up=True)
    counted: list[tuple[int, int]] = []
    async with owner(cluster, row.service) as connection:
        before = await rows_of(connection, row, asked, "legal_duty")

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                counted.append((message["status"], await rows_of(connection, row, asked, "legal_duty")))
            # whoever asked is gone: nothing arrives, and the row stays
            raise OSError

        with suppress(OSError):
            await people.app(scope_of(asked, str(actor.token)), nothing_more, send)

        assert counted[0] == (200, before + 1)
        assert await rows_of(connection, row, asked, "legal_duty") == before + 1


def scope_of(asked: Asked, token: str) -> dict[str, Any]:
    """Write the ASGI scope of a read."""
    path = f"/v1{asked.path}"
    headers = [(b"authorization", f"Bearer {token}".encode()), (b"x-access-purpose", b"legal_duty; on request")]
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": asked.method, "path": path,
        "raw_path": path.encode(), "query_string": b"", "headers": headers, "client": ("127.0.0.1", 1), "scheme": "http",
        "server": ("127.0.0.1", 8000), "root_path": "",
    }  # fmt: skip


async def nothing_more() -> dict[str, Any]:
    """Send an empty body."""
    return {"type": "http.request", "body": b"", "more_body": False}


@pytest.mark.requirement("R-G10")
@pytest.mark.parametrize("key", OF_PEOPLE)
async def test_a_purpose_off_the_list_is_refused_at_the_wall(people: People, cluster: Server, key: str) -> None:
    row, asked = JOURNALED[key], await WAYS[key](people)
    actor = await people.as_(asked.persona, step_up=True)

    answers = [
        await actor.send(asked.method, asked.path, headers={"X-Access-Purpose": told} if told else {})
        for told in ("", "curiosity", "case_handling;no space", "case_handling; " + "x" * 201)
    ]

    assert [each.status_code for each in answers] == [400] * 4
    assert [each.json()["code"] for each in answers] == ["purpose_required"] + ["purpose_unknown"] * 3
    async with owner(cluster, row.service) as connection:
        assert await rows_of(connection, row, asked, "case_handling") == 0


@pytest.mark.requirement("R-G10")
@pytest.mark.parametrize("key", sorted(JOURNALED))
async def test_what_cannot_be_journaled_is_not_shown_and_public_reads_go_on(
    people: People, cluster: Server, key: str
) -> None:
    row, asked = JOURNALED[key], await WAYS[key](people)
    actor = await people.as_(asked.persona, step_up=True)
    async with owner(cluster, row.service) as connection:
        before = await rows_of(connection, row, asked, "case_handling")
    await withdrawn(cluster)
    try:
        refused = await actor.send(asked.method, asked.path, headers=PURPOSE)
        public = await people.stranger().get("/public/places")
    finally:
        await given_back(cluster)
    again = await actor.send(asked.method, asked.path, headers=PURPOSE)

    assert refused.status_code == 503
    assert refused.json()["code"] == "unavailable"
    assert asked.shows not in refused.text
    assert public.status_code == 200
    assert again.status_code == 200
    assert asked.shows in again.text
    async with owner(cluster, row.service) as connection:
        assert await rows_of(connection, row, asked, "case_handling") == before + 1


async def withdrawn(cluster: Server) -> None:
    """Take from every role of every service what lets it write into the journal."""
    for service in DATABASES:
        async with owner(cluster, service) as connection:
            for role in AUDIENCE_ROLES:
                await connection.execute(f"REVOKE INSERT {COLUMNS} ON journal_queue FROM {service}_{role}")


async def given_back(cluster: Server) -> None:
    """Give it back."""
    for service in DATABASES:
        async with owner(cluster, service) as connection:
            for role in AUDIENCE_ROLES:
                await connection.execute(f"GRANT INSERT {COLUMNS} ON journal_queue TO {service}_{role}")


@pytest.mark.parametrize("key", sorted(JOURNALED))
async def test_an_operation_that_forgets_its_journal_row_shows_nothing(cluster: Server, key: str) -> None:
    """The flag is no documentation: a transaction of such an operation does not end well without a row."""
    row = JOURNALED[key]
    database = Database(cluster.url(f"{row.service}_app", row.service), service=row.service, pool_size=1)
    caller = Caller(subject="tests", audience_class=row.audience, roles=frozenset({"head"}))
    try:
        with pytest.raises(Internal):
            async with database.work(caller, row):
                pass
        with pytest.raises(Internal) if row.purpose else nullcontext():
            async with database.work(caller, row) as work:
                work.record(Event("complaints.narrative.read", "nobody", leaves=False))
        async with database.work(caller, row) as work:
            work.purpose = AccessPurpose.SUPERVISION
            work.record(Event("complaints.narrative.read", "nobody", leaves=False))
    finally:
        await database.close()

"""The database alone keeps answers apart: what each role reads and writes without the service in front."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from deploy.postgres.server import Server
from gateway.development import AUTHORITY_A, AUTHORITY_B
from tests.people import People
from tests.recommendations.conftest import drafted, sent

pytestmark = pytest.mark.usefixtures("tell")


@pytest_asyncio.fixture
async def bare(cluster: Server) -> AsyncIterator[asyncpg.Connection]:
    """Give a connection as the service's own role, without a caller."""
    connection = await asyncpg.connect(cluster.url("recommendations_app", "recommendations"))
    yield connection
    await connection.close()


async def begin(connection: asyncpg.Connection, role: str, organisation: str = "", roles: str = "") -> None:
    """Begin a transaction as an audience's role, of somebody who works there where no roles are named."""
    roles = roles or ("staff" if role == "npm" else "authority_official")
    await connection.execute(
        f"BEGIN; SET LOCAL a22.organisation='{organisation}'; SET LOCAL a22.roles='{roles}'; SET LOCAL ROLE recommendations_{role}"
    )


async def test_each_authority_reads_its_own_rows_and_the_npm_no_draft(people: People, bare: asyncpg.Connection) -> None:
    made = await sent(people)
    await drafted(people)
    official = await people.as_("authority-official")
    await official.made(f"/authority/recommendations/{made['id']}/responses", {"position": "accepted"})
    counts = {}

    for who, role, organisation in (
        ("A", "authority", AUTHORITY_A),
        ("B", "authority", AUTHORITY_B),
        ("npm", "npm", ""),
    ):
        await begin(bare, role, organisation)
        counts[who] = [
            await bare.fetchval("SELECT count(id) FROM recommendation"),
            await bare.fetchval("SELECT count(id) FROM addressee"),
            await bare.fetchval("SELECT count(id) FROM authority_response"),
        ]
        await bare.execute("ROLLBACK")

    assert counts == {"A": [1, 1, 1], "B": [1, 1, 0], "npm": [2, 4, 0]}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(id) FROM assessment",
        "SELECT count(id) FROM evidence",
        "SELECT count(id) FROM escalation",
        "SELECT implementation_status FROM recommendation",
        "SELECT signal_level FROM recommendation",
        "UPDATE addressee SET due_on = due_on + 30",
        "UPDATE addressee SET state = 'released'",
        "UPDATE extension_request SET granted_until = a22_today()",
        "DELETE FROM authority_response",
    ],
)
async def test_an_authority_is_refused_by_the_database(
    people: People, bare: asyncpg.Connection, statement: str
) -> None:
    await sent(people)
    await begin(bare, "authority", AUTHORITY_A)

    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await bare.execute(statement)
    finally:
        await bare.execute("ROLLBACK")


@pytest.mark.parametrize(("setting", "value"), [("authorities", AUTHORITY_A), ("authorities", AUTHORITY_B)])
async def test_a_recused_person_reads_nothing_of_the_matter(
    people: People, bare: asyncpg.Connection, setting: str, value: str
) -> None:
    await sent(people)
    await begin(bare, "npm")
    await bare.execute(f"SET LOCAL a22.excluded_{setting}='{value}'")

    counts = [await bare.fetchval(f"SELECT count(id) FROM {table}") for table in ("recommendation", "addressee")]
    await bare.execute("ROLLBACK")

    assert counts == [0, 0]

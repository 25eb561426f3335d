"""The third wall of stakeholders: what PostgreSQL refuses to a role, whatever the service asks."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from deploy.postgres.server import Server
from gateway.development import AUTHORITY_A, AUTHORITY_B, PARTNER_ONE
from tests.people import People
from tests.stakeholders.made import EXPERT, EXPERT_TWO, with_experts

pytestmark = pytest.mark.usefixtures("empty")


@pytest_asyncio.fixture
async def connection(cluster: Server, people: People, empty: None) -> AsyncIterator[asyncpg.Connection]:
    await with_experts(people)
    opened = await asyncpg.connect(cluster.url("stakeholders_app", "stakeholders"))
    yield opened
    await opened.close()


async def tried(connection: asyncpg.Connection, role: str, sql: str, **settings: str) -> str:
    """Run a statement as an audience's role, keep nothing, and give what came of it."""
    told = "".join(f"SET LOCAL a22.{name}='{value}';" for name, value in settings.items())
    await connection.execute(f"BEGIN;{told}SET LOCAL ROLE stakeholders_{role}")
    try:
        return str(await connection.execute(sql))
    except asyncpg.InsufficientPrivilegeError:
        return "refused"
    finally:
        await connection.execute("ROLLBACK")


AT_A = {"subject": "x", "roles": "authority_focal_point", "organisation": AUTHORITY_A}
AS_EXPERT = {"subject": "x", "roles": "expert", "expert": EXPERT, "person": EXPERT}
AS_PARTNER = {"subject": "x", "roles": "partner_system", "organisation": PARTNER_ONE}
AS_STAFF = {"subject": "x", "roles": "staff", "person": EXPERT}
NEW_CONTACT = """INSERT INTO contact (id, stakeholder_id, name, sort_name, post, channels, designations, is_confirmed, created_at, created_by,
  updated_at, updated_by, version, confidentiality, origin)
  VALUES (gen_random_uuid(), '{}', 'x', 'x', '', '[]', '[]', {}, now(), 'x', now(), 'x', 1, 'INT', 'native')"""

CASES = [
    ("authority", AT_A, "SELECT id, name FROM stakeholder", "SELECT 1"),
    ("authority", AT_A, "SELECT influence FROM stakeholder", "refused"),
    ("authority", AT_A, "SELECT relation_state FROM stakeholder", "refused"),
    ("authority", AT_A, "SELECT notes FROM contact", "refused"),
    ("authority", AT_A, "SELECT id FROM engagement", "refused"),
    ("authority", AT_A, "SELECT id FROM conflict_declaration", "refused"),
    ("authority", AT_A, "SELECT name FROM person", "SELECT 2"),
    ("authority", {**AT_A, "organisation": AUTHORITY_B}, "SELECT name FROM person", "SELECT 0"),
    ("authority", AT_A, "SELECT expertise FROM person", "refused"),
    ("authority", AT_A, NEW_CONTACT.format(AUTHORITY_A, "false"), "INSERT 0 1"),
    ("authority", AT_A, NEW_CONTACT.format(AUTHORITY_A, "true"), "refused"),
    ("authority", AT_A, NEW_CONTACT.format(AUTHORITY_B, "false"), "refused"),
    ("partner", AS_PARTNER, "SELECT id FROM mou", "SELECT 1"),
    ("partner", {**AS_PARTNER, "organisation": AUTHORITY_B}, "SELECT id FROM mou", "SELECT 0"),
    ("partner", AS_PARTNER, "SELECT independence_flags FROM mou", "refused"),
    ("partner", AS_PARTNER, "SELECT id FROM person", "refused"),
    ("expert", AS_EXPERT, "SELECT id FROM expert_engagement", "SELECT 1"),
    ("expert", AS_EXPERT, "SELECT name FROM person", "SELECT 1"),
    ("expert", AS_EXPERT, "UPDATE expert_engagement SET contracts = '[]'", "refused"),
    ("expert", AS_EXPERT, "UPDATE expert_engagement SET status = 'accredited'", "refused"),
    ("expert", AS_EXPERT, "UPDATE expert_engagement SET status = 'ended'", "UPDATE 1"),
    (
        "expert",
        AS_EXPERT,
        f"UPDATE expert_engagement SET status = 'ended' WHERE person_id = '{EXPERT_TWO}'",
        "UPDATE 0",
    ),
    ("expert", AS_EXPERT, "SELECT id FROM mou", "refused"),
    ("public", {"roles": "public"}, "SELECT id FROM stakeholder", "refused"),
    ("npm", AS_STAFF, "SELECT influence FROM stakeholder", "SELECT 3"),
    ("npm", {}, "SELECT influence FROM stakeholder", "SELECT 0"),
    ("service", {"roles": "system"}, "SELECT name FROM person", "refused"),
]


async def test_a_role_reaches_its_own_rows_and_columns_alone(connection: asyncpg.Connection) -> None:
    found = [(role, sql, await tried(connection, role, sql, **caller)) for role, caller, sql, _ in CASES]

    assert found == [(role, sql, expected) for role, _, sql, expected in CASES]

"""The third wall, from PostgreSQL's own catalogue: what is enforced is what is declared, for every table and role."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from deploy.migrations import protection_of
from deploy.postgres.server import Server
from shared.protection import AUDIENCE_ROLES
from shared.settings import DATABASES
from tests.access import catalogue

pytestmark = pytest.mark.parametrize("service", DATABASES)

#: Functions that run with their owner's rights, each looked at, with the roles that may call it; a trigger's, nobody calls.
_EVERYWHERE = {"next_number": {"npm", "worker"}, "order_operation": {"npm", "expert", "authority", "partner"}}
DEFINERS: dict[str, dict[str, set[str]]] = {
    # who holds an id, a code or a row of a source, for whoever names it; and yes or no about what the caller is kept from
    "visits": {
        **_EVERYWHERE,
        "visits_held": {"npm"},
        "goes_to_excluded": {"npm"},
        "went_to_excluded": {"npm"},
        "is_kept_report": {"expert"},
    },
    "recommendations": {**_EVERYWHERE, "came_from_excluded": {"npm", "expert"}},
    # whether the caller is complained of in a case, and whether it, or a row of the journal about it, concerns what the caller is kept from
    "complaints": {
        **_EVERYWHERE,
        "is_complained_of": {"npm"},
        "is_kept_from_journaled": {"npm"},
        "is_kept_from": {"npm"},
        "count_complaints": set(),
        "keep_other_body": set(),
    },
    # what an id of the directory stands for, told to who runs the system; the target's name in a vault keeper's own conflict
    "stakeholders": {
        **_EVERYWHERE,
        "institution_kind": {"npm"},
        "person_kind": {"npm"},
        "is_department_of": {"npm"},
        "named_in_own_conflict": {"npm"},
    },
    "gateway": _EVERYWHERE,
}
#: Unique values of tables that an outward role writes, each looked at: the row policy, judged before the index, takes only
#: the writer's own partner, addressee or engagement; a case's id is random and told to nobody outside.
BOUND_UNIQUE: dict[str, set[tuple[str, ...]]] = {
    "recommendations": {
        ("authority_response", "addressee_id", "number"),
        ("authority_response", "addressee_id"),
        ("extension_request", "addressee_id"),
    },
    # a machine's own keys and statements: the client is the writer, judged by the policy
    "gateway": {("client_key", "client_id", "kid"), ("client_assertion", "client_id", "jti_digest")},
    "complaints": {
        ("complaint_referral", "partner_id", "external_id"),
        ("complaint_referral", "complaint_id"),
    },
    "stakeholders": {("expert_signature", "engagement_id", "contract_version")},
}
VIEWS = "SELECT c.relname, c.reloptions FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')"
RUN_AS_OWNER = """
SELECT p.proname, p.proconfig, ARRAY(SELECT r.rolname::text FROM pg_roles r WHERE r.rolname LIKE $1 || '\\_%'
  AND r.rolname <> $1 || '_owner' AND has_function_privilege(r.oid, p.oid, 'EXECUTE')) AS callers,
  EXISTS (SELECT 1 FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0) AS is_everybodys
FROM pg_proc p WHERE p.prosecdef
"""
UNIQUE = """
SELECT t.relname AS table, array_agg(a.attname::text ORDER BY k.number) AS columns
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY k(attnum, number)
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
WHERE i.indisunique AND t.relname = ANY($1::text[]) GROUP BY t.relname, i.indexrelid
"""
ROLES = "SELECT rolname, rolsuper, rolbypassrls, rolinherit, rolcanlogin FROM pg_roles WHERE rolname LIKE $1 || '\\_%'"


@pytest_asyncio.fixture
async def owner(cluster: Server, service: str) -> AsyncIterator[asyncpg.Connection]:
    """Connect as the owner of the service's database."""
    connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
    yield connection
    await connection.close()


async def test_row_level_security_is_forced_on_every_table(owner: asyncpg.Connection, service: str) -> None:
    assert await catalogue.unforced(owner) == set()


async def test_policies_are_those_declared(owner: asyncpg.Connection, service: str) -> None:
    assert await catalogue.policies(owner, service) == set()


async def test_column_rights_are_those_declared(owner: asyncpg.Connection, service: str) -> None:
    assert await catalogue.rights(owner, service) == set()


async def test_no_role_of_ours_stands_above_the_policies(owner: asyncpg.Connection, service: str) -> None:
    rows = await owner.fetch(ROLES, service)

    assert len(rows) == 2 + len(AUDIENCE_ROLES)
    assert not any(row["rolsuper"] or row["rolbypassrls"] for row in rows)
    assert {row["rolname"] for row in rows if row["rolcanlogin"]} == {f"{service}_owner", f"{service}_app"}
    assert not next(row for row in rows if row["rolname"] == f"{service}_app")["rolinherit"]


async def test_the_app_role_reads_nothing_by_itself(cluster: Server, service: str) -> None:
    connection = await asyncpg.connect(cluster.url(f"{service}_app", service))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM journal")
    finally:
        await connection.close()


async def test_without_saying_who_is_asking_nobody_reads_what_is_not_published(cluster: Server, service: str) -> None:
    connection = await asyncpg.connect(cluster.url(f"{service}_app", service))
    try:
        for protection in protection_of(service).PROTECTIONS:
            for role, grant in protection.grants.items():
                policies = protection.policies.get(role, ())
                policies = policies if isinstance(policies, tuple) else (policies,)
                if (
                    role in ("worker", "service")
                    or not grant.select
                    or any(p.condition == "published" for p in policies)
                ):
                    continue
                async with connection.transaction():
                    await connection.execute(f"SET LOCAL ROLE {service}_{role}")
                    column = "id" if grant.select == "*" else grant.select[0]
                    assert await connection.fetch(f'SELECT "{column}" FROM "{protection.table}"') == []
    finally:
        await connection.close()


async def test_no_expression_changes_who_is_asking(cluster: Server, service: str) -> None:
    connection = await asyncpg.connect(cluster.url(f"{service}_app", service))
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL ROLE {service}_public")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetchval("SELECT set_config('role', $1, true)", f"{service}_npm")
    finally:
        await connection.close()


async def test_views_ask_with_the_rights_of_who_asks(owner: asyncpg.Connection, service: str) -> None:
    views = await owner.fetch(VIEWS)

    assert [row["relname"] for row in views if "security_invoker=true" not in (row["reloptions"] or [])] == []


async def test_functions_with_their_owners_rights_are_a_closed_list_with_a_fixed_path(
    owner: asyncpg.Connection, service: str
) -> None:
    rows = await owner.fetch(RUN_AS_OWNER, service)

    callers = {row["proname"]: {name.removeprefix(f"{service}_") for name in row["callers"]} for row in rows}
    assert callers == DEFINERS[service]
    assert not [row["proname"] for row in rows if row["is_everybodys"]]
    for row in rows:
        [path] = [told for told in row["proconfig"] if told.startswith("search_path=")]
        # what somebody put into a temporary schema is looked at last
        assert path.endswith("pg_temp"), row["proname"]


async def test_no_clash_of_unique_values_tells_an_outsider_of_what_is_hidden(
    owner: asyncpg.Connection, service: str
) -> None:
    outward = ("expert", "authority", "partner", "public")
    written = {
        protection.table
        for protection in protection_of(service).PROTECTIONS
        for role in outward
        if role in protection.grants and protection.grants[role].insert
    }
    found = {
        (row["table"], *row["columns"])
        for row in await owner.fetch(UNIQUE, sorted(written))
        if row["columns"] != ["id"]
    }

    assert found == BOUND_UNIQUE.get(service, set())

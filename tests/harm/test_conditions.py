"""The third wall by itself: as the database role of each class, without a service, only the rows of its condition are there.

Held against what the owner of the database counts; and what is written in another's name is refused, for a thing that is
there as for one that is not.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.demo.country import ids
from deploy.postgres.server import Server
from gateway.development import CIVIL_SOCIETY, PERSONAS
from shared.caller import Caller
from shared.db import Database, Work
from tests.harm.conftest import World


def caller(name: str) -> Caller:
    """Give the caller behind a persona, or the public."""
    if not name:
        return Caller(subject="", audience_class="public", roles=frozenset({"public"}))
    persona = PERSONAS[name]
    bound = dict(persona.bound)
    return Caller(
        subject=persona.subject,
        audience_class=persona.audience_class,
        roles=frozenset(persona.roles),
        client_id=persona.subject if persona.is_machine else "tests",
        authority_id=bound.get("authority_id", ""),
        partner_id=bound.get("partner_id", ""),
        expert_id=bound.get("expert_id", ""),
    )


@asynccontextmanager
async def at(cluster: Server, service: str, name: str) -> AsyncIterator[Work]:
    """Open a transaction of a service's database as a persona; nothing is kept."""
    database = Database(cluster.url(f"{service}_app", service), service=service, pool_size=1)
    try:
        async with database.work(caller(name)) as work:
            work.discard()
            yield work
    finally:
        await database.close()


async def seen(cluster: Server, service: str, name: str, table: str, column: str = "id") -> set[Any]:
    """Give the rows that a persona's role reads."""
    async with at(cluster, service, name) as work:
        return {row[0] for row in await work.connection.fetch(f'SELECT "{column}" FROM "{table}"')}


async def told(cluster: Server, service: str, sql: str) -> set[Any]:
    """Give the first column of a statement, as the owner."""
    connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
    try:
        return {row[0] for row in await connection.fetch(sql)}
    finally:
        await connection.close()


A, B = ids.PRISON_SERVICE, ids.POLICE_DIRECTORATE
_SENT_TO = "FROM addressee a JOIN recommendation r ON r.id = a.recommendation_id WHERE a.stakeholder_id = '{0}' AND a.requested_on IS NOT NULL"
_BEGUN_AT = "FROM visit_place v JOIN place p ON p.id = v.place_id WHERE p.operator_id = '{0}' AND v.has_begun AND v.first_on <= now()::date"
#: Service, table, column, persona, and what the owner says that the persona should find.
CONDITIONS = [
    *(
        (service, table, column, name, truth.format(authority))
        for name, authority in (("authority-official", A), ("authority-validator", A), ("authority-official-two", B))
        for service, table, column, truth in (
            ("recommendations", "recommendation", "id", f"SELECT r.id {_SENT_TO} AND r.transmitted_on IS NOT NULL"),
            ("recommendations", "addressee", "id", f"SELECT a.id {_SENT_TO}"),
            ("recommendations", "authority_response", "id", "SELECT id FROM authority_response WHERE authority_id = '{0}'"),
            ("visits", "report_snapshot", "id", "SELECT id FROM report_snapshot WHERE recipient_id = '{0}'"),
            ("visits", "factual_correction", "id", "SELECT id FROM factual_correction WHERE authority_id = '{0}'"),
            ("visits", "visit", "id", f"SELECT v.visit_id {_BEGUN_AT}"),
            ("visits", "visit_place", "visit_id", f"SELECT v.visit_id {_BEGUN_AT}"),
        )
    ),
    *(
        (service, table, "id", name, truth.format(expert))
        for name, expert in (("expert", ids.EXPERT), ("expert-two", ids.EXPERT_TWO))
        for service, table, truth in (
            ("visits", "visit", "SELECT visit_id FROM visit_role WHERE person_id = '{0}'"),
            ("visits", "report_comment", "SELECT id FROM report_comment WHERE person_id = '{0}'"),
            ("recommendations", "draft_comment", "SELECT id FROM draft_comment WHERE expert_id = '{0}'"),
            ("recommendations", "recommendation", "SELECT r.id FROM recommendation r JOIN visit_team t ON t.visit_id = r.visit_id WHERE t.expert_id = '{0}'"),
            ("stakeholders", "conflict_declaration", "SELECT id FROM conflict_declaration WHERE person_id = '{0}'"),
        )
    ),
    *(
        (service, table, "id", name, truth.format(partner))
        for name, partner in (("partner", ids.OMBUDSPERSON), ("partner-two", ids.CHILDRENS_COMMISSIONER), ("cso", CIVIL_SOCIETY))
        for service, table, truth in (
            ("complaints", "complaint_referral", "SELECT id FROM complaint_referral WHERE partner_id = '{0}'"),
            ("visits", "place_information", "SELECT id FROM place_information WHERE source_id = '{0}'"),
        )
    ),
    *(
        ("complaints", table, "id", name, f"SELECT id FROM {table} WHERE false")
        for name in ("staff", "secondee", "complaints-officer-two", "vault-keeper", "data-protection-officer", "sysadmin")
        for table in ("complaint", "case_text")
    ),
    ("complaints", "person_record", "id", "complaints-officer-two", "SELECT id FROM person_record WHERE false"),
    ("complaints", "person_record", "id", "staff", "SELECT id FROM person_record WHERE false"),
    ("complaints", "complaint", "id", "head", "SELECT id FROM complaint"),
    ("complaints", "complaint", "id", "complaints-officer", f"SELECT id FROM complaint WHERE '{ids.COMPLAINTS_OFFICER}' = ANY(assigned_ids)"),
    ("recommendations", "recommendation", "id", "", "SELECT id FROM recommendation WHERE published_on IS NOT NULL"),
    ("visits", "report_snapshot", "report_id", "", "SELECT report_id FROM report_snapshot WHERE is_public"),
]  # fmt: skip


@pytest.mark.requirement("R-G02", "R-G12")
@pytest.mark.parametrize(("service", "table", "column", "name", "truth"), CONDITIONS)
async def test_a_role_reads_the_rows_of_its_condition_alone(
    cluster: Server, world: World, service: str, table: str, column: str, name: str, truth: str
) -> None:
    assert await seen(cluster, service, name, table, column) == await told(cluster, service, truth)


@pytest.mark.parametrize(
    ("service", "table", "name"),
    [
        ("complaints", "complaint", "authority-official"),
        ("complaints", "complaint", "expert"),
        ("complaints", "complaint", "partner"),
        ("complaints", "case_text", "partner"),
        ("complaints", "person_record", "partner"),
        ("visits", "finding", "authority-official"),
        ("visits", "finding", "partner"),
        ("visits", "visit", "partner"),
        ("visits", "visit", ""),
        ("visits", "place_signal", "authority-official"),
        ("recommendations", "assessment", "authority-official"),
        ("recommendations", "escalation", "authority-official"),
        ("recommendations", "evidence", "expert"),
        ("stakeholders", "engagement", "authority-official"),
        ("stakeholders", "conflict_declaration", "authority-official"),
    ],
)
async def test_where_a_class_has_no_business_it_has_no_right(
    cluster: Server, world: World, service: str, table: str, name: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await seen(cluster, service, name, table)


async def refusal(cluster: Server, service: str, name: str, sql: str, *values: object) -> tuple[str, str]:
    """Try to write as a persona; gives the class and the words of the refusal."""
    with pytest.raises(asyncpg.PostgresError) as refused:
        async with at(cluster, service, name) as work:
            await work.connection.execute(sql, *values)
    return type(refused.value).__name__, str(refused.value)


ANSWER = (
    "INSERT INTO authority_response (id, addressee_id, recommendation_id, authority_id, number, state) "
    "VALUES (gen_random_uuid(), $1, $2, $3, 1, 'drafting')"
)
REFERRAL = "INSERT INTO complaint_referral (id, partner_id, external_id, complaint_id, state) VALUES (gen_random_uuid(), $1, 'x', $2, 'received')"
TEXT = "INSERT INTO case_text (id, case_id, kind, sealed_text) VALUES (gen_random_uuid(), $1, 'narrative', 'x')"
COMMENT = "INSERT INTO draft_comment (id, recommendation_id, expert_id, text) VALUES (gen_random_uuid(), $1, $2, 'x')"
DENIED = "InsufficientPrivilegeError"


@pytest.mark.requirement("R-G02")
async def test_writing_to_what_is_anothers_is_refused_as_for_what_is_absent(cluster: Server, world: World) -> None:
    of_a = next(iter(await told(cluster, "recommendations", f"SELECT a.id {_SENT_TO.format(A)}")))
    case = next(iter(await told(cluster, "complaints", "SELECT complaint_id FROM complaint_referral")))
    draft, nowhere = world.made.draft.rpartition("/")[2], uuid4()
    recommendation = world.made.recommendation.rpartition("/")[2]
    attempts = [
        ("recommendations", "authority-official-two", ANSWER, (of_a, recommendation, A), (nowhere, nowhere, A)),
        ("recommendations", "authority-official-two", ANSWER, (of_a, recommendation, B), (nowhere, nowhere, B)),
        ("complaints", "partner-two", REFERRAL, (ids.OMBUDSPERSON, case), (ids.OMBUDSPERSON, nowhere)),
        ("complaints", "partner-two", TEXT, (case,), (nowhere,)),
        ("recommendations", "expert-two", COMMENT, (draft, ids.EXPERT_TWO), (nowhere, ids.EXPERT_TWO)),
        ("recommendations", "expert-two", COMMENT, (draft, ids.EXPERT), (nowhere, ids.EXPERT)),
    ]

    for service, name, sql, foreign, absent in attempts:
        there, nothing = [await refusal(cluster, service, name, sql, *values) for values in (foreign, absent)]

        assert there == nothing
        assert there[0] == DENIED, (name, there)


@pytest.mark.parametrize(
    ("service", "name", "sql"),
    [
        ("recommendations", "authority-official-two", f"UPDATE authority_response SET reasons = 'x' WHERE authority_id = '{A}'"),
        ("recommendations", "authority-official-two", f"UPDATE addressee SET state = 'submitted' WHERE stakeholder_id = '{A}'"),
        ("visits", "authority-official-two", f"UPDATE report_snapshot SET status = 'answered' WHERE recipient_id = '{A}'"),
        ("visits", "authority-official-two", f"UPDATE factual_correction SET status = 'withdrawn' WHERE authority_id = '{A}'"),
        ("visits", "expert-two", f"UPDATE report_comment SET text = 'x' WHERE person_id = '{ids.EXPERT}'"),
        ("complaints", "partner-two", f"UPDATE complaint_referral SET state = 'withdrawn' WHERE partner_id = '{ids.OMBUDSPERSON}'"),
        ("complaints", "partner-two", "UPDATE consent SET state = 'withdrawn'"),
    ],
)  # fmt: skip
async def test_changing_what_is_anothers_reaches_no_row(
    cluster: Server, world: World, service: str, name: str, sql: str
) -> None:
    async with at(cluster, service, name) as work:
        assert await work.connection.execute(sql) == "UPDATE 0"

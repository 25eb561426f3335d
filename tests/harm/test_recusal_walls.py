"""The third wall by itself: as a database role that was told what its caller is kept from, without gateway and service.

Each table is read twice, by a caller who is kept from nothing and by the same one who is; what is missing is what the owner counts.
"""

from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from deploy.demo.country.places import PATTERN_PLACE
from deploy.postgres.server import Server
from shared.caller import Caller
from shared.db import Database
from tests.harm import feeds
from tests.harm.conftest import World
from tests.harm.test_conditions import caller, told
from tests.people import People

pytestmark = pytest.mark.timeout(240)

_THERE = "SELECT visit_id FROM visit_place WHERE place_id = '{place}'"
_REPORTS = f"SELECT id FROM report WHERE '{{place}}' = ANY(place_ids) OR visit_ids && ARRAY({_THERE})"
_KNOWN = "SELECT id FROM known_visit WHERE '{place}' = ANY(place_ids)"
_CASES = "SELECT id FROM complaint WHERE '{place}' IN (place_id, present_place_id)"
_CAME = f"visit_id IN ({_KNOWN}) OR report_id IN (SELECT id FROM known_report WHERE '{{place}}' = ANY(place_ids) OR visit_ids && ARRAY({_KNOWN}))"
#: Persona, what is excluded, service, table, and the rows that are missing then.
KEPT = [
    *(
        ("head", "places", service, table, hidden)
        for service, table, hidden in (
            ("visits", "place", "SELECT '{place}'::uuid"),
            ("visits", "visit", _THERE),
            ("visits", "visit_role", f"SELECT id FROM visit_role WHERE visit_id IN ({_THERE})"),
            ("visits", "finding", f"SELECT id FROM finding WHERE visit_id IN ({_THERE})"),
            ("visits", "report", _REPORTS),
            ("visits", "priority_run", "SELECT id FROM priority_run"),
            ("visits", "known_recommendation", "SELECT id FROM known_recommendation WHERE '{place}' = ANY(place_ids)"),
            ("recommendations", "recommendation", f"SELECT id FROM recommendation WHERE '{{place}}' = ANY(place_ids) OR {_CAME}"),
            ("complaints", "complaint", _CASES),
            ("complaints", "complaint_referral", "SELECT id FROM complaint_referral WHERE '{place}' IN (place_id, present_place_id)"),
            ("complaints", "case_text", f"SELECT id FROM case_text WHERE case_id IN ({_CASES})"),
            ("complaints", "consent", f"SELECT id FROM consent WHERE case_id IN ({_CASES})"),
            ("complaints", "person_record", f"SELECT id FROM person_record WHERE case_id IN ({_CASES})"),
        )
    ),
    ("vault-keeper", "places", "complaints", "person_record", f"SELECT id FROM person_record WHERE case_id IN ({_CASES})"),
    ("data-protection-officer", "places", "complaints", "consent", f"SELECT id FROM consent WHERE case_id IN ({_CASES})"),
    *(
        ("head", "visits", service, table, hidden)
        for service, table, hidden in (
            ("visits", "visit", "SELECT '{visit}'::uuid"),
            ("visits", "visit_place", "SELECT id FROM visit_place WHERE visit_id = '{visit}'"),
            ("visits", "visit_role", "SELECT id FROM visit_role WHERE visit_id = '{visit}'"),
            ("visits", "finding", "SELECT id FROM finding WHERE visit_id = '{visit}'"),
            ("visits", "report", "SELECT id FROM report WHERE '{visit}' = ANY(visit_ids)"),
            ("recommendations", "recommendation", "SELECT id FROM recommendation WHERE visit_id = '{visit}' OR report_id IN (SELECT id FROM known_report WHERE '{visit}' = ANY(visit_ids))"),
            ("recommendations", "addressee", "SELECT a.id FROM addressee a JOIN recommendation r ON r.id = a.recommendation_id WHERE r.visit_id = '{visit}' OR report_id IN (SELECT id FROM known_report WHERE '{visit}' = ANY(visit_ids))"),
            ("complaints", "complaint", "SELECT '{case}'::uuid"),
            ("complaints", "case_text", "SELECT id FROM case_text WHERE case_id = '{case}'"),
        )
    ),
    ("vault-keeper", "visits", "complaints", "person_record", "SELECT id FROM person_record WHERE case_id = '{case}'"),
    ("head", "persons", "complaints", "complaint", "SELECT id FROM complaint WHERE '{person}' = ANY(person_refs)"),
    ("vault-keeper", "persons", "complaints", "person_record", "SELECT id FROM person_record WHERE case_id IN (SELECT id FROM complaint WHERE '{person}' = ANY(person_refs))"),
    *(
        ("expert", "visits", service, table, hidden)
        for service, table, hidden in (
            ("visits", "visit", "SELECT '{visit}'::uuid"),
            ("visits", "visit_place", "SELECT visit_id FROM visit_place WHERE visit_id = '{visit}'"),
            ("visits", "visit_role", "SELECT visit_id FROM visit_role WHERE visit_id = '{visit}'"),
            ("recommendations", "recommendation", "SELECT id FROM recommendation WHERE visit_id = '{visit}'"),
        )
    ),
    ("expert", "spot", "visits", "visit", "SELECT visit_id FROM visit_place WHERE place_id = '{spot}'"),
    ("expert", "spot", "recommendations", "recommendation", f"SELECT id FROM recommendation WHERE '{{spot}}' = ANY(place_ids) OR {_CAME}".replace("{place}", "{spot}")),
]  # fmt: skip


async def read(cluster: Server, service: str, table: str, who: Caller) -> set[Any]:
    """Give what the caller's role finds in a table: ids, or of a part the id of the whole that an outsider is told."""
    column = "visit_id" if who.audience_class == "expert" and table.startswith("visit_") else "id"
    database = Database(cluster.url(f"{service}_app", service), service=service, pool_size=1)
    try:
        async with database.work(who) as work:
            work.discard()
            return {row[0] for row in await work.connection.fetch(f'SELECT "{column}" FROM "{table}"')}
    finally:
        await database.close()


@pytest_asyncio.fixture(scope="module")
async def targets(world: World, people: People, cluster: Server) -> dict[str, str]:
    """Give a place, a visit of the expert's from which recommendations came, a case, and somebody in it."""
    await feeds.settled(cluster)
    assert (await (await people.as_("head")).post("/npm/priority-runs")).status_code == 201
    on_team = f"SELECT visit_id FROM visit_team WHERE expert_id = '{caller('expert').expert_id}'"
    came = f"SELECT visit_id FROM recommendation WHERE state <> 'dropped' AND visit_id IN ({on_team})"
    reported = await told(cluster, "visits", "SELECT unnest(visit_ids) FROM report")
    visits = await told(cluster, "recommendations", came)
    visit = sorted(map(str, visits & reported or visits))[0]
    there = await told(cluster, "visits", f"SELECT place_id FROM visit_place WHERE visit_id = '{visit}'")
    return {
        "place": PATTERN_PLACE,
        "visit": visit,
        "spot": sorted(map(str, there))[0],
        "case": world.case.complaints[-1].rsplit("/", 1)[1],
        "person": world.case.persons[-1],
    }


@pytest.mark.requirement("R-G08", "R-G12")
@pytest.mark.parametrize(("persona", "what", "service", "table", "hidden"), KEPT)
async def test_the_database_alone_leaves_out_what_its_caller_is_kept_from(
    cluster: Server, targets: dict[str, str], persona: str, what: str, service: str, table: str, hidden: str
) -> None:
    free = caller(persona)
    lists: dict[str, dict[str, tuple[str, ...]]] = {
        "places": {"excluded_places": (targets["place"],)},
        "spot": {"excluded_places": (targets["spot"],)},
        "visits": {"excluded_visits": (targets["visit"], targets["case"])},
        "persons": {"excluded_persons": (targets["person"],)},
    }
    recused: dict[str, Any] = {**lists[what]}
    whole = await read(cluster, service, table, free)

    kept = await read(cluster, service, table, replace(free, **recused))

    concerned = await told(cluster, service, hidden.format(**targets))
    assert kept == whole - concerned
    assert kept < whole


async def test_what_lies_behind_a_wall_of_its_own_is_no_role_of_the_npms(cluster: Server, targets: Any) -> None:
    """Who was on which visit, and where visits went, is kept in recommendations for its policies alone."""
    held = "SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'recommendations_npm'"

    granted = await told(cluster, "recommendations", held)

    assert not granted & {"visit_team", "known_visit"}
    assert "known_report" in granted

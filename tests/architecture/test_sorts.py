"""A page of a long list is read along an index: its order is nowhere made by sorting the whole list."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from deploy.postgres.server import Server
from services.complaints.complaint_referrals.queries import REFERRALS
from services.complaints.complaints.queries import COMPLAINTS
from services.complaints.submissions.queries import RECEIPTS
from services.recommendations.matches.queries import MATCHES as ADDRESSEE_MATCHES
from services.recommendations.recommendations.queries import OF_VISITS, PUBLISHED, RECOMMENDATIONS
from services.stakeholders.matches.queries import MATCHES as AUTHORITY_MATCHES
from services.visits.matches.queries import MATCHES as PLACE_MATCHES
from services.visits.places.queries import PLACES
from services.visits.visits.queries import VISITS
from shared.paging import Listing, _page_sql

LONG: dict[str, tuple[str, Listing]] = {
    "places": ("visits", PLACES),
    "visits": ("visits", VISITS),
    "place matches": ("visits", PLACE_MATCHES),
    "recommendations": ("recommendations", RECOMMENDATIONS),
    "recommendations of visits": ("recommendations", OF_VISITS),
    "published recommendations": ("recommendations", PUBLISHED),
    "addressee matches": ("recommendations", ADDRESSEE_MATCHES),
    "authority matches": ("stakeholders", AUTHORITY_MATCHES),
    "complaints": ("complaints", COMPLAINTS),
    "referrals": ("complaints", REFERRALS),
    "a partner's own referrals": ("complaints", RECEIPTS),
}
#: Depends on what addressees owe today and is worked out for each row.
WORKED_OUT = {("recommendations", "next_due_on")}
SORTS = [
    (name, sign + sort)
    for name, (_, listing) in LONG.items()
    for sort in listing.sorts
    for sign in ("", "-")
    if (name, sort) not in WORKED_OUT
]
#: With few rows sorting is always cheaper; the planner is to say whether it could do without.
PREFER_INDEXES = """
SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;
SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"""


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the steps that make the rows of the page, from the limit down; what is looked up for each row is none of them."""
    limit = next(each for each in _all(plan) if each["Node Type"] == "Limit")
    following: dict[str, Any] | None = limit
    while following is not None:
        yield following
        outer = [each for each in following.get("Plans", ()) if each["Parent Relationship"] in ("Outer", "Subquery")]
        following = outer[0] if outer else None


def _all(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _all(each)


@pytest.mark.parametrize("resumed", [False, True], ids=["first page", "later page"])
@pytest.mark.parametrize(("name", "sort"), SORTS, ids=[f"{name} by {sort}" for name, sort in SORTS])
async def test_a_page_is_read_along_an_index(cluster: Server, name: str, sort: str, resumed: bool) -> None:
    service, listing = LONG[name]
    sql, parameters = _page_sql(listing, (), sort, resumed=resumed)
    connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
    try:
        async with connection.transaction():
            await connection.execute(PREFER_INDEXES)
            await connection.execute(f"PREPARE page AS {sql}")
            values = ", ".join("NULL" for _ in parameters)
            told = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE page({values})")
    finally:
        await connection.close()
    plan = json.loads(told)[0]["Plan"]

    sorted_by = [step["Sort Key"] for step in _steps(plan) if step["Node Type"] == "Sort"]

    assert sorted_by == [], "the whole list is sorted"

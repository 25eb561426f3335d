"""Every read of the rules on what experts are paid."""

from datetime import date
from uuid import UUID

from services.stakeholders.remuneration_rules.schemas import RemunerationRulesFilters
from shared.db import Work
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page, fetch_rows

_SHOWN = "r.id, r.edition, r.content, r.in_force_from, r.published_on"

RULES = Listing(
    columns=_SHOWN,
    source="remuneration_rules r",
    identity="r.id",
    sorts={"in_force_from": Sort("r.in_force_from", "date")},
    default_sort="-in_force_from",
)
ONE = f"SELECT {_SHOWN} FROM remuneration_rules r WHERE r.id = :rules_id"
IN_FORCE = "SELECT 1 AS one FROM remuneration_rules r WHERE r.in_force_from <= :day AND r.published_on <= :day LIMIT 1"


async def matching(work: Work, filters: RemunerationRulesFilters) -> Page:
    """Give a page of the published versions."""
    return await fetch_page(work, RULES, filters)


async def in_full(work: Work, rules_id: UUID) -> bytes:
    """Give one version, or raise NotFound."""
    return await fetch_one(work, ONE, rules_id=rules_id)


async def are_in_force(work: Work, day: date) -> bool:
    """Tell whether published rules hold on a day (R-S64)."""
    return bool(await fetch_rows(work, IN_FORCE, day=day))

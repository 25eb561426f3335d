"""The routes of the rules on what experts are paid: npm and public. Parse, one use case, shape."""

from fastapi import Request
from starlette.responses import Response

from services.stakeholders.remuneration_rules import queries, usecases
from services.stakeholders.remuneration_rules.schemas import (
    PublishedRemunerationRules,
    PublishedRemunerationRulesPage,
    RemunerationRulesCreate,
    RemunerationRulesFilters,
)
from shared.app import audience_router
from shared.http import NpmWork, PublicWork, created, page
from shared.schemas import Filtered, Json

npm = audience_router("npm", "remuneration-rules")
public = audience_router("public", "remuneration-rules")
ROUTERS = (npm, public)


@npm.post("", status_code=201, response_model=PublishedRemunerationRules)
async def publish_remuneration_rules(work: NpmWork, new: Json[RemunerationRulesCreate]) -> Response:
    """Publish a version of the rules on what experts are paid. Without one in force no contract can be made."""
    rules_id = await work.once(usecases.publish_remuneration_rules, new)
    return created(work, await queries.in_full(work, rules_id), "/v1/public/remuneration-rules")


@public.get("", response_model=PublishedRemunerationRulesPage)
async def list_remuneration_rules(
    work: PublicWork, request: Request, filters: Filtered[RemunerationRulesFilters]
) -> Response:
    """List the published rules on what experts are paid, the latest first."""
    return page(work, request, await queries.matching(work, filters))

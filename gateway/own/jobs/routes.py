"""The route of the background work: npm, for who runs the system and who leads the institution."""

import asyncio

from starlette.responses import Response

from gateway.own.jobs.schemas import JobsOfService, JobsPicture
from gateway.own.work import Own, OwnWork
from shared.app import audience_router
from shared.caller import Caller
from shared.errors import Unavailable
from shared.http import JSON
from shared.operations.schemas import ServiceJobs
from shared.settings import DATABASES

npm = audience_router("npm", "jobs")
ROUTERS = (npm,)

#: Counts are nobody's: the gateway asks for them as itself, and PostgreSQL shows that class no more than counts need.
_SELF = Caller(
    subject="gateway",
    client_id="gateway",
    audience_class="service",
    roles=frozenset({"system"}),
    scopes=frozenset({"gateway:jobs.read"}),
)


@npm.get("", response_model=JobsPicture)
async def show_jobs(work: Own) -> Response:
    """Show what waits, what runs and what failed in the background, by service and kind, with the last failures."""
    services = await asyncio.gather(*(_of(work, service) for service in DATABASES))
    body = JobsPicture(services=list(services)).model_dump_json()
    return Response(body, headers={"Cache-Control": "no-store"}, media_type=JSON)


async def _of(work: OwnWork, service: str) -> JobsOfService:
    try:
        part = await work.composer.ask(_SELF, f"read_{service}_jobs", request_id=work.request_id)
    except Unavailable:
        return JobsOfService(service=service, is_reachable=False, kinds=[])
    if part.status != 200:
        return JobsOfService(service=service, is_reachable=False, kinds=[])
    return JobsOfService(service=service, is_reachable=True, kinds=ServiceJobs.model_validate(part.content).kinds)

"""The routes of findings. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.findings import queries, usecases
from services.visits.findings.schemas import Finding, FindingCreate, FindingFilters, FindingPage, FindingUpdate
from services.visits.visits.queries import require_visible
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "visits")
ROUTERS = (npm,)


@npm.get("/{visit_id}/findings", response_model=FindingPage)
async def list_findings(work: NpmWork, request: Request, visit_id: UUID, filters: Filtered[FindingFilters]) -> Response:
    """List the findings of a visit. Others than its team read them once it is closed."""
    await require_visible(work, visit_id)
    return page(work, request, await queries.matching(work, visit_id, filters))


@npm.post("/{visit_id}/findings", status_code=201, response_model=Finding)
async def record_finding(work: NpmWork, visit_id: UUID, new: Json[FindingCreate]) -> Response:
    """Record what the team found. Fewer than two kinds of source leave it untriangulated, which is shown."""
    finding_id = await work.once(usecases.record_finding, visit_id, new)
    shown = await queries.in_full(work, visit_id, finding_id)
    return created(work, shown, f"/v1/npm/visits/{visit_id}/findings/{finding_id}")


@npm.get("/{visit_id}/findings/{finding_id}", response_model=Finding)
async def get_finding(work: NpmWork, visit_id: UUID, finding_id: UUID) -> Response:
    """Read one finding of a visit."""
    return one(work, await queries.in_full(work, visit_id, finding_id))


@npm.patch("/{visit_id}/findings/{finding_id}", response_model=Finding)
async def update_finding(
    work: NpmWork, visit_id: UUID, finding_id: UUID, if_match: IfMatch, changes: MergePatch[FindingUpdate]
) -> Response:
    """Correct a finding while the report is not made."""
    await usecases.update_finding(work, visit_id, finding_id, if_match, changes)
    return one(work, await queries.in_full(work, visit_id, finding_id))

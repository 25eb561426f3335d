"""The routes of reports for the public: what is published, and nothing before."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.reports import queries
from services.visits.reports.schemas.public import PublicReport, PublicReportFilters, PublicReportPage
from shared.app import audience_router
from shared.http import PublicWork, one, page
from shared.schemas import Filtered

router = audience_router("public", "reports")


@router.get("", response_model=PublicReportPage)
async def list_reports(work: PublicWork, request: Request, filters: Filtered[PublicReportFilters]) -> Response:
    """List the published reports, the latest first."""
    return page(work, request, await queries.published_matching(work, filters))


@router.get("/{report_id}", response_model=PublicReport)
async def get_report(work: PublicWork, report_id: UUID) -> Response:
    """Read one published report."""
    return one(work, await queries.published(work, report_id))

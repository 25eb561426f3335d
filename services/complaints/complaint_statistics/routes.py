"""The route of inside statistics: npm."""

from starlette.responses import Response

from services.complaints.complaint_statistics import queries
from services.complaints.complaint_statistics.schemas import ComplaintStatistics, ComplaintStatisticsAsked
from shared.app import audience_router
from shared.http import NpmWork, one
from shared.schemas import Filtered

npm = audience_router("npm", "complaint-statistics")
ROUTERS = (npm,)


@npm.get("", response_model=ComplaintStatistics)
async def show_complaint_statistics(work: NpmWork, asked: Filtered[ComplaintStatisticsAsked]) -> Response:
    """Read how many complaints there were, by quarter and one dimension.

    Complaints officers and the head read what is so now; others read what the last run counted, and no count below three.
    """
    return one(work, await queries.counted(work, asked))

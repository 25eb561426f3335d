"""What the visits service does by itself every night."""

from typing import Any

from services.visits.priorities import usecases as priorities
from shared.jobs import Periodic
from shared.operations import Running


async def score_places(running: Running) -> dict[str, Any]:
    """Score every place in use; the scores of the day take the place of those of an earlier run of that day."""
    async with running.work() as work:
        return {"run_id": str(await priorities.run_now(work))}


#: After the analysis of complaints, whose signals the scores rest on.
PERIODIC = (Periodic("nightly_priorities", cron="15 3 * * *", run=score_places),)

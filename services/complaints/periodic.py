"""What the complaints service does by itself every night."""

from typing import Any

from services.complaints.analysis_runs import usecases as analysis_runs
from shared.jobs import Periodic
from shared.operations import Running


async def analyse(running: Running) -> dict[str, Any]:
    """Look for patterns, silences and signs of non-implementation; a second run of a day finds the same."""
    async with running.work() as work:
        return {"run_id": str(await analysis_runs.order_run(work))}


PERIODIC = (Periodic("nightly_analysis", cron="15 2 * * *", run=analyse),)

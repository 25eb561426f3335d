"""What the recommendations service does by itself every night."""

from typing import Any

from services.recommendations.deadlines import usecases as deadlines
from shared.jobs import Periodic
from shared.operations import Running


async def tell_deadlines(running: Running) -> dict[str, Any]:
    """Tell the other services which deadlines have passed or are near, each date once."""
    async with running.work() as work:
        told = await deadlines.run_deadlines(work)
    return told.model_dump(mode="json")


PERIODIC = (Periodic("nightly_deadlines", cron="30 0 * * *", run=tell_deadlines),)

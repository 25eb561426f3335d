"""Drops the rows of imports that ended before they were through: cancelled or failed, nobody takes them any more."""

from typing import Any

from shared.imports import queries
from shared.jobs import Periodic
from shared.operations import Running


async def _drop(running: Running) -> dict[str, Any]:
    async with running.work() as work:
        await queries.drop_left_behind(work)
    return {}


DROPPING = Periodic("drop_rows_of_ended_imports", cron="*/15 * * * *", run=_drop)

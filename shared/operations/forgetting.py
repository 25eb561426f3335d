"""Forgets operations whose time has passed, every night and in every service; what they did stays."""

from typing import Any

from shared.jobs import Periodic
from shared.operations import queries
from shared.operations.running import Running


async def forget_operations(running: Running) -> dict[str, Any]:
    """Remove what has ended and expired; gives how many."""
    async with running.work() as work:
        gone: str = await work.connection.execute(queries.FORGET)
    return {"forgotten": int(gone.rsplit(maxsplit=1)[-1])}


FORGETTING = Periodic("forget_operations", cron="5 4 * * *", run=forget_operations)

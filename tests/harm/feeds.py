"""Knows when the services have told each other everything: each consumer stands behind the last event it reacts to."""

import importlib

import asyncpg

from deploy.postgres.server import Server
from shared.settings import SERVICES
from tests.waiting import eventually

LAST = "SELECT coalesce(max(seq), 0) FROM journal WHERE leaves AND action = ANY($1::text[])"
WAITING = "SELECT count(*) FROM journal_queue"


async def settled(cluster: Server) -> None:
    """Wait until nothing is queued and nothing is left to apply."""

    async def is_settled() -> bool:
        return not [each for service in SERVICES for each in await _behind(cluster, service)]

    await eventually(is_settled, seconds=60)
    # what was applied last may have been told on
    await eventually(is_settled, seconds=60)


async def _behind(cluster: Server, service: str) -> list[str]:
    """Name the feeds in which a service stands back, and its own queue where something waits."""
    found = []
    feeds = importlib.import_module(f"services.{service}.reactions").FEEDS
    own = await asyncpg.connect(cluster.url(f"{service}_owner", service))
    try:
        positions = {row["source"]: row["position"] for row in await own.fetch("SELECT source, position FROM inbox")}
        if await own.fetchval(WAITING):
            found.append(service)
    finally:
        await own.close()
    for source, reactions in feeds.items():
        other = await asyncpg.connect(cluster.url(f"{source}_owner", source))
        try:
            if await other.fetchval(LAST, sorted(reactions)) > positions.get(source, 0):
                found.append(source)
        finally:
            await other.close()
    return found

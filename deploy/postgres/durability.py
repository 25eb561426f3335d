"""Asks a server whether it keeps what it confirms. It must never change a setting: it only refuses."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import asyncpg

from deploy.postgres.refusal import ClusterRefused

#: Wins over ALTER SYSTEM when given on the server's command line.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
#: security.md section 9: asserted at every start, because no kill shows that fsync is off.
ASSERTED = {**DURABLE, "data_checksums": "on"}
#: Stronger forms of synchronous_commit, which wait for a replica too.
STRONGER = ("remote_apply", "remote_write")

Found = TypeVar("Found")


def assert_durable(url: str) -> None:
    """Refuse to serve data that a power cut could take back."""
    seen = shown(url, *ASSERTED)
    if wrong := [f"{name} is {seen[name]}" for name, value in ASSERTED.items() if seen[name] not in (value, *STRONGER)]:
        raise ClusterRefused(f"PostgreSQL would not keep what it confirms: {', '.join(wrong)}; take that setting back")


def shown(url: str, *names: str) -> dict[str, str]:
    """The settings as a session of this URL has them."""
    return apart(_shown(url, names))


def apart(question: Coroutine[Any, Any, Found]) -> Found:
    """Run it in a thread of its own: a start may happen while the caller's event loop runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, question).result()


async def _shown(url: str, names: tuple[str, ...]) -> dict[str, str]:
    connection = await asyncpg.connect(url, timeout=30)
    try:
        rows = await connection.fetch("SELECT name, setting FROM pg_settings WHERE name = ANY($1::text[])", names)
        return {row["name"]: row["setting"] for row in rows}
    finally:
        await connection.close()

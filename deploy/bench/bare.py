"""The practical limit: bare ASGI and asyncpg with the same SQL, the same role and the same bytes, and nothing else.

No gateway, no token, no framework; the benchmark compares the bytes before it compares the speed.
"""

import asyncio
import json
import os
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import uvicorn

from services.visits.places.queries import PLACE_IN_FULL, PLACES
from services.visits.places.rules import PLACE
from shared import paging
from shared.caller import Caller
from shared.connections import EVERY_TYPE
from shared.db import opening
from shared.journal import INSERT
from shared.records import NEXT_NUMBER

ALLOWED = json.dumps(
    {
        state.value: [action.value for action in PLACE.allowed(state, {"staff"}) if action.value != "separate"]
        for state in type(PLACE.initial)
    }
)
STAFF = Caller(
    subject="e7a9502e-445d-45a0-ad56-07ad11b97980",
    audience_class="npm",
    roles=frozenset({"staff"}),
    client_id="development",
)
BEGIN = opening(STAFF, "visits_npm", "npm.bench")
REGISTER = """
INSERT INTO place (id, created_at, created_by, updated_at, updated_by, version, confidentiality, origin, code, name, sort_name, status,
  place_type, region, address, is_location_withheld, is_private_operator, supervising, aliases, names, operators, population, vulnerable_groups, risk_flags,
  complaint_channel_quality, status_reason)
SELECT $1, a22_now(), $2, a22_now(), $2, 1, 'INT', 'native', $3, $4, $5, 'unverified', 'prison', '', '', false, false, '[]', '[]', '[]', '[]', '[]',
  '{}', '{}', 'unknown', ''
"""


class Bare:
    """Three handlers: list 50, read one, create."""

    def __init__(self, url: str) -> None:
        """Take the database's address."""
        self._url = url
        self._pool: Any = None
        self._list = paging._page_sql(PLACES, ("place_type",), "name")[0]
        self._one = paging._numbered(f"SELECT row_to_json(shown)::text FROM ({PLACE_IN_FULL}) shown")[0]  # noqa: S608

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        async with self._pool.acquire() as connection:
            await connection.execute(BEGIN)
            if scope["method"] == "POST":
                body = await self._create(connection, json.loads((await receive())["body"]))
            elif scope["path"].endswith("/places"):
                body = await self._page(connection)
            else:
                body = (await connection.fetchval(self._one, ALLOWED, UUID(scope["path"].rsplit("/", 1)[1]))).encode()
            await connection.execute("COMMIT")
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send(
            {"type": "http.response.start", "status": 201 if scope["method"] == "POST" else 200, "headers": headers}
        )
        await send({"type": "http.response.body", "body": body})

    async def _page(self, connection: Any) -> bytes:
        rows = await connection.fetch(self._list, ["prison"], 50)
        return b'{"items":[' + ",".join(row[0] for row in rows[:50]).encode() + b'],"next_cursor":null}'

    async def _create(self, connection: Any, new: Any) -> bytes:
        place_id = uuid4()
        number = await connection.fetchval(NEXT_NUMBER, "bench_2026")
        await connection.execute(REGISTER, place_id, STAFF.subject, f"B-{number}", new["name"], new["name"].lower())
        told = json.dumps({"id": str(place_id), "name": new["name"]})
        await connection.execute(
            INSERT, [uuid4()], ["visits.place.registered"], [str(place_id)], ["INT"], [False], [told]
        )
        shown: str = await connection.fetchval(self._one, ALLOWED, place_id)
        return shown.encode()

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        # the reset query of the pool is one more trip that the limit does not need
        self._pool = await asyncpg.create_pool(self._url, min_size=12, max_size=12, reset=_no_reset, init=_warm_up)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.wait_for(self._pool.close(), 5)
        await send({"type": "lifespan.shutdown.complete"})


async def _warm_up(connection: Any) -> None:
    await connection.fetchrow(EVERY_TYPE)


async def _no_reset(_connection: Any) -> None:
    return


if __name__ == "__main__":
    uvicorn.run(
        Bare(os.environ["A22_SERVICE_DATABASE_URL"]),
        host="127.0.0.1",
        port=int(os.environ["A22_BENCH_PORT"]),
        loop="uvloop",
        access_log=False,
        log_level="error",
    )

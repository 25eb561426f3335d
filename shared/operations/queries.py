"""The statements of operations. What an outer role sees and may change is the row policy's business: its own."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.db import Work
from shared.operations.rules import OPERATION, OperationAction, states_before
from shared.operations.schemas import OperationPosition
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page
from shared.texts import as_json

INSERT = """
INSERT INTO operation (id, kind, arguments, caller, total, expires_on)
VALUES ($1, $2, $3::text::jsonb, $4::text::jsonb, $5, a22_today() + $6::integer)
"""
INSERT_PERIODIC = f"{INSERT} ON CONFLICT (id) DO NOTHING"
ORDER = "SELECT order_operation($1)"
TAKE = """
UPDATE operation SET state = 'running', attempt = attempt + 1, started_at = coalesce(started_at, a22_now())
WHERE id = $1 AND state = ANY($2::text[])
RETURNING kind, arguments::text AS arguments, caller::text AS caller, audience, ordered_under::text AS ordered_under, attempt, done
"""
END = """
UPDATE operation SET state = $3, result = $4::text::jsonb, problem = $5::text::jsonb, problem_code = $6,
  finished_at = a22_now(), expires_on = a22_today() + $7::integer
WHERE id = $1 AND attempt = $2 AND state = ANY($8::text[])
"""
NOTE_FAILURE = """
UPDATE operation SET failures = CASE WHEN done > failed_at THEN 1 ELSE failures + 1 END, failed_at = done
WHERE id = $1 AND attempt = $2 AND state = 'running' RETURNING failures
"""
ADVANCE = """
UPDATE operation SET done = $3, total = coalesce($4, total) WHERE id = $1 AND attempt = $2 AND state = 'running'
"""
HELD = "SELECT true FROM operation WHERE id = $1 AND attempt = $2 AND state = 'running' FOR SHARE"
CANCEL = """
UPDATE operation SET state = 'cancelled', finished_at = a22_now() WHERE id = :operation_id::uuid AND state = ANY(:states::text[])
"""
FORGET = "DELETE FROM operation WHERE expires_on < a22_today() AND state IN ('done', 'failed', 'cancelled')"
#: Statements of background work may take longer than those of a request.
LONGER = "SET LOCAL statement_timeout = '60s'"

_COLUMNS = """o.id, o.kind, o.state, json_build_object('done', o.done, 'total', o.total) AS progress, o.result, o.problem,
  o.created_at, o.finished_at, o.expires_on, coalesce(:allowed::jsonb -> o.state, '[]') AS allowed_actions"""
OPERATIONS = Listing(
    columns=_COLUMNS,
    source="operation o",
    identity="o.id",
    sorts={"created_at": Sort("o.created_at", "timestamptz")},
    default_sort="-created_at",
    filters={
        "state": "o.state = ANY(:state::text[])",
        "kind": "o.kind = ANY(:kind::text[])",
        "before": "(o.created_at, o.id) < (:before::timestamptz, :before_id::uuid)",
    },
)
ONE = f"SELECT {_COLUMNS} FROM operation o WHERE o.id = :operation_id::uuid"
PICTURE = """
SELECT coalesce(json_agg(kinds ORDER BY kinds.kind), '[]') AS kinds FROM (
  SELECT o.kind, count(*) FILTER (WHERE o.state = 'waiting') AS waiting, count(*) FILTER (WHERE o.state = 'running') AS running,
    count(*) FILTER (WHERE o.state = 'failed') AS failed,
    floor(extract(epoch FROM a22_now() - min(o.created_at) FILTER (WHERE o.state = 'waiting')))::bigint AS oldest_waiting_seconds,
    (SELECT coalesce(json_agg(json_build_object('at', f.finished_at, 'problem_code', f.problem_code)), '[]') FROM (
      SELECT l.finished_at, l.problem_code FROM operation l WHERE l.kind = o.kind AND l.state = 'failed'
      ORDER BY l.finished_at DESC LIMIT 5) f) AS last_failures
  FROM operation o GROUP BY o.kind ORDER BY o.kind LIMIT 100
) kinds
"""


def _allowed(work: Work) -> str:
    service = work.state.database.service
    return as_json(work.allowed_actions(OPERATION, f"transition_{service}_operation"))


async def matching(work: Work, filters: OperationPosition) -> Page:
    """Give a page of the caller's operations."""
    return await fetch_page(work, OPERATIONS, filters, allowed=_allowed(work))


async def shown(work: Work, operation_id: UUID) -> bytes:
    """Give one operation of the caller's own, or raise NotFound."""
    return await fetch_one(work, ONE, operation_id=operation_id, allowed=_allowed(work))


async def picture(work: Work) -> bytes:
    """Give counts and last failures by kind; no arguments, no subjects."""
    return await fetch_one(work, PICTURE)


async def insert(
    work: Work,
    operation_id: UUID,
    kind: str,
    *,
    arguments: Mapping[str, Any],
    caller: str,
    total: int | None,
    days: int,
) -> None:
    """Keep what was ordered and put it into the queue, in this transaction."""
    await work.connection.execute(INSERT, operation_id, kind, json.dumps(arguments, default=str), caller, total, days)
    await work.connection.fetchval(ORDER, operation_id)


async def cancel(work: Work, operation_id: UUID) -> bool:
    """Cancel what waits or runs; tells whether there was still something to cancel."""
    states = states_before(OperationAction.CANCEL)
    return await execute(work, CANCEL, operation_id=operation_id, states=states) == 1

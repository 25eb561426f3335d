"""One effect per Idempotency-Key: kept in the transaction of the act, for 24 hours, without what was sent.

A repetition is answered anew under present rights, so nothing but the id of the result is stored.
"""

import hashlib
import re
from dataclasses import dataclass

import asyncpg

from shared.errors import BadRequest, Conflict, Unprocessable

KEY = re.compile(r"[A-Za-z0-9_-]{8,255}")

CLAIM = """
SELECT pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2 || ' ' || encode($3, 'hex'), 22)) AS free, i.fingerprint, i.result_id
FROM (SELECT 1) one LEFT JOIN idempotency i
  ON i.caller = $1 AND i.operation = $2 AND i.key_digest = $3 AND i.kept_at > now() - interval '24 hours'
"""
KEEP = """
INSERT INTO idempotency (caller, operation, key_digest, fingerprint, result_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (caller, operation, key_digest) DO UPDATE
SET fingerprint = excluded.fingerprint, result_id = excluded.result_id, kept_at = now()
"""


@dataclass(frozen=True)
class Repetition:
    """A key with whose it is, for which operation and path, and the digest of the body."""

    caller: str
    operation: str
    key_digest: bytes
    fingerprint: bytes


def repetition(*, key: str, subject: str, method: str, path: str, digest: bytes) -> Repetition:
    """Read a key; BadRequest when it is malformed. `digest` is the one (SHA-256) of the body."""
    if not KEY.fullmatch(key):
        raise BadRequest("Idempotency-Key takes 8 to 255 letters, digits, - and _", code="malformed_idempotency_key")
    # a path may hold the number of somebody's case
    operation = hashlib.sha256(f"{method} {path}".encode()).hexdigest()
    return Repetition(subject, operation, hashlib.sha256(key.encode()).digest(), digest)


async def claim(connection: asyncpg.Connection, wanted: Repetition) -> str | None:
    """Take the key for this transaction, or give the result of its first use.

    Raises Conflict while another request holds it, Unprocessable when it was used for another body.
    """
    row = await connection.fetchrow(CLAIM, wanted.caller, wanted.operation, wanted.key_digest)
    if not row["free"]:
        raise Conflict("a request with this Idempotency-Key is being worked on", code="idempotency_key_in_flight")
    if row["fingerprint"] is None:
        return None
    if row["fingerprint"] != wanted.fingerprint:
        raise Unprocessable("this Idempotency-Key was used for another body", code="idempotency_key_reused")
    return str(row["result_id"])


async def keep(connection: asyncpg.Connection, used: Repetition, result_id: str) -> None:
    """Remember the result, in the same transaction."""
    await connection.execute(KEEP, used.caller, used.operation, used.key_digest, used.fingerprint, result_id)

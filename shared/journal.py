"""The journal: audit trail and event feed in one, append-only, chained after the commit.

A request inserts into `journal_queue` inside its own transaction; one sealer per service moves committed rows into
`journal`, numbers and chains them. Nothing else writes audit or events; no event carries what a person told us.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid

from shared.chain import Head
from shared.errors import Unavailable
from shared.ids import fresh_ids

if TYPE_CHECKING:
    from shared.db import Database
    from shared.heads import HeadFile

log = logging.getLogger("a22.journal")

#: A journal of many rows is sealed in one statement: the aggregate runs along them and hands each one's hash on to the next.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION journal_told(
  seq bigint, id uuid, queued_at timestamptz, occurred_on date, actor text, audience text, person text, client text,
  operation text, action text, subject_id text, confidentiality text, leaves boolean, payload text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT json_build_array(seq, id, extract(epoch FROM queued_at)::text, occurred_on, actor, audience, person, client,
    operation, action, subject_id, confidentiality, leaves, payload)::text
$$;
CREATE OR REPLACE FUNCTION journal_digest(
  prev bytea, seq bigint, id uuid, queued_at timestamptz, occurred_on date, actor text, audience text, person text, client text,
  operation text, action text, subject_id text, confidentiality text, leaves boolean, payload text) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(prev || convert_to(journal_told(seq, id, queued_at, occurred_on, actor, audience, person, client,
    operation, action, subject_id, confidentiality, leaves, payload), 'UTF8'))
$$;
CREATE OR REPLACE FUNCTION journal_linked(prev bytea, told text, first bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN sha256(coalesce(prev, first) || convert_to(told, 'UTF8'));
END $$;
CREATE OR REPLACE AGGREGATE journal_chain(told text, first bytea) (SFUNC = journal_linked, STYPE = bytea);
CREATE OR REPLACE FUNCTION seal_queue(at_most integer, OUT sealed integer, OUT leaving integer) LANGUAGE plpgsql AS $$
DECLARE last_seq bigint; last_hash bytea;
BEGIN
  sealed := 0; leaving := 0;
  IF NOT pg_try_advisory_xact_lock(4202022) THEN RETURN; END IF;
  SELECT j.seq, j.hash INTO last_seq, last_hash FROM journal j ORDER BY j.seq DESC LIMIT 1;
  last_seq := coalesce(last_seq, 0); last_hash := coalesce(last_hash, '\\x00');
  WITH taken AS (
    DELETE FROM journal_queue WHERE queue_id = ANY(ARRAY(SELECT q.queue_id FROM journal_queue q ORDER BY q.queue_id LIMIT at_most))
    RETURNING *),
  numbered AS (SELECT t.*, last_seq + row_number() OVER (ORDER BY t.queue_id) AS seq FROM taken t),
  chained AS (
    SELECT n.*, journal_chain(journal_told(n.seq, n.id, n.queued_at, n.occurred_on, n.actor, n.audience, n.person, n.client,
      n.operation, n.action, n.subject_id, n.confidentiality, n.leaves, n.payload::text), last_hash) OVER (ORDER BY n.seq ROWS UNBOUNDED PRECEDING) AS hash
    FROM numbered n),
  kept AS (
  INSERT INTO journal (seq, id, queued_at, occurred_on, actor, audience, person, client, operation, action, subject_id,
      confidentiality, leaves, payload, prev_hash, hash)
    SELECT c.seq, c.id, c.queued_at, c.occurred_on, c.actor, c.audience, c.person, c.client, c.operation, c.action, c.subject_id,
      c.confidentiality, c.leaves, c.payload, lag(c.hash, 1, last_hash) OVER (ORDER BY c.seq), c.hash
    FROM chained c ORDER BY c.seq RETURNING leaves)
  SELECT count(*), count(*) FILTER (WHERE k.leaves) INTO sealed, leaving FROM kept k;
END $$;
"""

INSERT = """
INSERT INTO journal_queue (id, action, subject_id, confidentiality, leaves, payload, occurred_on)
SELECT told.id, told.action, told.subject_id, told.confidentiality, told.leaves, told.payload::jsonb, (SELECT a22_today())
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[])
  told(id, action, subject_id, confidentiality, leaves, payload)
"""
FEED = """
SELECT seq, id, queued_at, occurred_on, audience, action, subject_id, payload::text AS payload
FROM journal WHERE seq > $1 AND leaves AND action = ANY($2::text[]) ORDER BY seq LIMIT $3
"""
HEAD = "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1"
#: So many rows are sealed in one transaction.
AT_ONCE = 1_000
OLDEST_QUEUED = "SELECT extract(epoch FROM now() - min(queued_at)) FROM journal_queue"
VERIFY = """
WITH chained AS (
  SELECT j.*, lag(j.seq, 1, 0::bigint) OVER w AS seq_before, lag(j.hash, 1, '\\x00'::bytea) OVER w AS hash_before
  FROM journal j WINDOW w AS (ORDER BY j.seq))
SELECT seq FROM chained WHERE seq <> seq_before + 1 OR prev_hash <> hash_before OR hash <> journal_digest(
  prev_hash, seq, id, queued_at, occurred_on, actor, audience, person, client, operation, action, subject_id, confidentiality, leaves, payload::text)
ORDER BY seq LIMIT 1
"""


@dataclass(frozen=True)
class Event:
    """One fact, in the past tense: `<service>.<noun>.<past tense>`, the id it is about, and coded values only."""

    name: str
    subject_id: UUID | str
    values: Mapping[str, Any] = field(default_factory=dict)
    confidentiality: str = "INT"
    leaves: bool = True
    """Whether other services may read it; facts about one complaint or one person never leave."""


def _setting(name: str) -> Any:
    return text(f"coalesce(current_setting('a22.{name}', true), '')")


def _told(*, queued: bool) -> list[Column[Any]]:
    """Declare what queue and journal say alike; in the queue, who acts is a default that cannot be forged."""

    def text_column(name: str, default: Any = None) -> Column[Any]:
        return Column(name, Text, nullable=False, server_default=default if queued else None)

    at = text("clock_timestamp()") if queued else None
    return [
        Column("queued_at", DateTime(timezone=True), nullable=False, server_default=at),
        Column("occurred_on", Date, nullable=False, server_default=text("a22_today()") if queued else None),
        text_column("actor", _setting("subject")),
        text_column("audience", text("CURRENT_USER")),
        text_column("person", _setting("person")),
        text_column("client", _setting("client")),
        text_column("operation", _setting("operation")),
        text_column("action"),
        text_column("subject_id"),
        text_column("confidentiality"),
        Column("leaves", Boolean, nullable=False),
        Column("payload", JSONB, nullable=False),
    ]


def journal_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Declare queue and journal of one service; actor and audience are defaults and cannot be forged."""
    queue = Table(
        "journal_queue",
        metadata,
        Column("queue_id", BigInteger, Identity(), primary_key=True),
        Column("id", PgUuid(as_uuid=True), nullable=False),
        *_told(queued=True),
    )
    journal = Table(
        "journal",
        metadata,
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("id", PgUuid(as_uuid=True), nullable=False, unique=True),
        *_told(queued=False),
        Column("prev_hash", LargeBinary, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        Index("ix_journal_subject", "subject_id", "seq"),
        # the feed passes over thousands of rows that stay here without reading them
        Index("ix_journal_leaving", "seq", postgresql_where=text("leaves")),
        # whoever reads the journal reads it by the instant, and looks for what was done or who did it
        Index("ix_journal_queued_at_id", "queued_at", "id"),
        *(Index(f"ix_journal_{column}", column, "queued_at", "id") for column in ("action", "person")),
    )
    return queue, journal


def system_tables(metadata: MetaData) -> None:
    """Declare what every service's database has beside its own tables: journal, idempotency, inbox, clock."""
    journal_tables(metadata)
    Table(
        "idempotency",
        metadata,
        Column("caller", Text, primary_key=True),
        Column("operation", Text, primary_key=True),
        Column("key_digest", LargeBinary, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("result_id", Text, nullable=False),
        Column("kept_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    )
    Table("inbox", metadata, Column("source", Text, primary_key=True), Column("position", BigInteger, nullable=False))
    Table(
        "clock_offset",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("moved_by", Interval, nullable=False),
    )


_PAYLOAD = json.JSONEncoder(default=str)
_UNWRITABLE = (
    asyncpg.InsufficientPrivilegeError, asyncpg.InsufficientResourcesError, asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError, asyncpg.UndefinedTableError,
)  # fmt: skip


async def insert_events(connection: asyncpg.Connection, events: list[Event]) -> None:
    """Queue the events of a transaction, inside it; Unavailable when PostgreSQL does not take them.

    What cannot be journaled is neither done nor shown: the transaction ends with this.
    """
    columns = list(
        zip(
            *(
                (e.name, str(e.subject_id), e.confidentiality, e.leaves, _PAYLOAD.encode(dict(e.values)))
                for e in events
            ),
            strict=True,
        )
    )
    try:
        await connection.execute(INSERT, fresh_ids(len(events)), *columns)
    except _UNWRITABLE as error:
        log.error("the journal takes no rows: %s", type(error).__name__)
        raise Unavailable("the journal cannot be written; nothing was changed and nothing is shown") from None


class Sealer:
    """Moves committed rows from the queue into the chained journal, and wakes who waits for the feed."""

    def __init__(self, database: "Database", *, idle_seconds: float = 0.25, heads: "HeadFile | None" = None) -> None:
        """Seal the journal of one database; look by itself at least every `idle_seconds`; `heads` are kept outside it."""
        self._database = database
        self._idle = idle_seconds
        self._heads = heads
        self._task: asyncio.Task[None] | None = None
        self.is_stopping = False
        self.leaving = asyncio.Event()

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._run())

    def wind_down(self) -> None:
        """Let long polls on this feed end now: the process is stopping."""
        self.is_stopping = True
        self.leaving.set()

    async def stop(self) -> None:
        """End; what is queued stays queued."""
        self.is_stopping = True
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
            # what was sealed in the last minute is vouched for before the process is gone
            await self._keep_head()

    async def seal(self) -> int:
        """Seal what is committed now; gives the number of rows."""
        total, told, sealed = 0, 0, AT_ONCE
        while sealed == AT_ONCE:
            async with self._database.inside("worker", operation="seal_journal") as work:
                row = await work.connection.fetchrow("SELECT sealed, leaving FROM seal_queue($1)", AT_ONCE)
            sealed = row["sealed"]
            total, told = total + sealed, told + row["leaving"]
        if told:
            self.leaving.set()
            self.leaving.clear()
        return total

    async def _run(self) -> None:
        while not self.is_stopping:
            self._database.committed.clear()
            try:
                await self.seal()
                if self._heads and self._heads.take_turn():
                    await self._keep_head()
            except Exception as error:  # noqa: BLE001 - a sealer never ends: what is queued waits for a database that is back
                log.warning("journal not sealed: %s", type(error).__name__)
                await asyncio.sleep(1)
            # not wait_for: on Python 3.11 it can swallow a cancellation
            with suppress(TimeoutError):
                async with asyncio.timeout(self._idle):
                    await self._database.committed.wait()

    async def _keep_head(self) -> None:
        """Sign the last row into the file outside; without it the journal goes on, and the log says so."""
        if self._heads is None:
            return
        try:
            async with self._database.inside("worker", operation="seal_journal") as work:
                row = await work.connection.fetchrow(HEAD)
            if row:
                await asyncio.to_thread(self._heads.keep, Head(row["seq"], bytes(row["hash"])))
        except Exception as error:  # noqa: BLE001 - no disk, no database: the next minute tries again
            log.error("the head of the journal was not kept outside the database: %s", type(error).__name__)

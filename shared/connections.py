"""The pool of connections to a service's database, and what it means when the database is out of reach.

A dead connection is never handed on, and a lost database is a 503 that says whether something may have been kept.
"""

from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.errors import AppError, Conflict, OutcomeUnknown, Unavailable

#: What a database that lives needs to take a connection or to begin a transaction; a frozen one is out of reach.
ANSWERS_WITHIN_SECONDS = 5.0

EVERY_TYPE = """
SELECT null::uuid[], null::text[], null::boolean[], null::integer[], null::bigint[], null::float8[], null::date[], null::timestamptz[],
  null::jsonb[], null::daterange, null::tstzrange, null::bytea[]
"""

#: The connection ended, or the server is going down or coming up: what was sent last may have been done.
LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)
#: The server answers and cannot work: starting, full, out of memory or connections, or put to reading only.
UNABLE = (
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.PostgresIOError,
    NoneFree,
)


def is_out_of_reach(error: BaseException | None) -> bool:
    """Tell whether an error means that the database cannot work now, rather than that the statement is wrong."""
    while error is not None and not isinstance(error, AppError):
        if isinstance(error, (*LOST, *UNABLE)):
            return True
        # the pool and the session raise errors of their own from the driver's
        error = error.__cause__
    return False


class within_reach:  # noqa: N801 - reads as a condition
    """Turns a database that is gone, starting, frozen, full or overloaded into a 503."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Translate; nothing was kept, as no COMMIT was sent."""
        if is_out_of_reach(error):
            raise Unavailable from error


class refusing:  # noqa: N801 - reads as a condition
    """Turns what the database refuses to a recused person, a row about what is kept from that person, into a 409."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Translate; nothing was kept."""
        cause = error
        while cause is not None:
            if isinstance(cause, asyncpg.InsufficientPrivilegeError):
                raise Conflict("this concerns what is kept from you", code="recused") from error
            cause = cause.__cause__


async def begin(connection: Any, statement: str) -> None:
    """Begin a transaction; a connection that does not answer in time is ended, not waited for."""
    try:
        await connection.execute(statement, timeout=ANSWERS_WITHIN_SECONDS)
    except TimeoutError:
        connection.terminate()
        raise


async def commit(connection: Any) -> str:
    """Commit and give the tag; when the answer is lost nobody knows whether it was kept, and the 503 says so."""
    try:
        tag: str = await connection.execute("COMMIT")
    except LOST as error:
        raise OutcomeUnknown from error
    return tag


def new_engine(url: str, pool_size: int) -> AsyncEngine:
    """Make the pool; it connects when somebody asks."""
    address = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(
        address,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": ANSWERS_WITHIN_SECONDS},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def warm_up(adapted: Any, _record: Any) -> None:
        # asyncpg asks for types lazily, which fails later under an audience role
        adapted.run_async(lambda c: c.fetchrow(EVERY_TYPE))

    @event.listens_for(engine.sync_engine, "checkout")
    def refuse_dead(adapted: Any, _record: Any, _fairy: Any) -> None:
        # statements run on the driver's connection, so the pool does not see by itself that one has died
        if adapted.driver_connection.is_closed():
            raise DisconnectionError

    @event.listens_for(engine.sync_engine, "reset")
    def guard(adapted: Any, _record: Any, _state: Any) -> None:
        # a forgotten transaction would hand its role to the next caller
        if not adapted.driver_connection.is_closed() and adapted.driver_connection.is_in_transaction():
            adapted.run_async(lambda c: c.execute("ROLLBACK"))

    return engine

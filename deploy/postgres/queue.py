"""The queue's own tables: procrastinate's schema in the schema `jobs` of a service's database, at the installed version.

procrastinate brings its changes as files; which of them a database has is kept beside its tables, so that the next
migration run brings up what a newer version adds. Run by the owner, inside the transaction of the migration.
"""

from pathlib import Path
from typing import Any

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection

HERE = "SELECT to_regclass('jobs.procrastinate_jobs') IS NOT NULL"
BEGIN = """
CREATE SCHEMA IF NOT EXISTS jobs;
CREATE TABLE jobs.applied (name text PRIMARY KEY);
"""
#: procrastinate wakes its workers for a new job only. A job that waited for its turn, or was put back, is no less urgent.
WAKE = """
CREATE OR REPLACE FUNCTION jobs.wake_workers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('procrastinate_queue_v1#' || OLD.queue_name, json_build_object('type', 'job_inserted', 'job_id', OLD.id)::text);
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS wake_after_end ON jobs.procrastinate_jobs;
CREATE TRIGGER wake_after_end AFTER DELETE ON jobs.procrastinate_jobs
  FOR EACH ROW WHEN (OLD.lock IS NOT NULL) EXECUTE FUNCTION jobs.wake_workers();
DROP TRIGGER IF EXISTS wake_after_return ON jobs.procrastinate_jobs;
CREATE TRIGGER wake_after_return AFTER UPDATE OF status ON jobs.procrastinate_jobs
  FOR EACH ROW WHEN (NEW.status = 'todo' AND NEW.scheduled_at IS NULL) EXECUTE FUNCTION jobs.wake_workers();
"""
KNOWN = "SELECT name FROM jobs.applied"
KEEP = "INSERT INTO jobs.applied (name) VALUES ($1)"
INSIDE, OUTSIDE = "SET LOCAL search_path = jobs, public", "SET LOCAL search_path TO DEFAULT"


def changes() -> list[Path]:
    """Give procrastinate's changes in the order in which they are applied."""
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def bring_up(connection: Connection) -> None:
    """Make the queue's tables, or bring them to the installed version; again is harmless."""
    if not connection.exec_driver_sql(HERE).scalar():
        _run(connection, BEGIN)
        _apply(connection, SchemaManager.get_schema(), changes())
    known = {row[0] for row in connection.exec_driver_sql(KNOWN)}
    for change in changes():
        if change.name not in known:
            _apply(connection, change.read_text(encoding="utf-8"), [change])
    _run(connection, WAKE)


def drop(connection: Connection) -> None:
    """Remove the queue."""
    connection.exec_driver_sql("DROP SCHEMA IF EXISTS jobs CASCADE")


def _apply(connection: Connection, script: str, applied: list[Path]) -> None:
    connection.exec_driver_sql(INSIDE)
    _run(connection, script)
    connection.exec_driver_sql(OUTSIDE)
    for each in applied:
        connection.exec_driver_sql(KEEP, (each.name,))


def _run(connection: Connection, script: str) -> None:
    """Run a text of several statements, which only the driver itself takes."""
    adapted: Any = connection.connection.dbapi_connection
    adapted.run_async(lambda raw: raw.execute(script))

"""The table of operations, alike in every service, with its rights and the function that puts one into the queue.

Whoever orders writes what is wanted; who ordered it, and under which role, PostgreSQL notes by itself. Arguments and
result hold ids, names of mappings and counts, never what a person told us.
"""

from sqlalchemy import BigInteger, Column, Date, DateTime, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid

from shared.caller import Caller
from shared.db import told_of
from shared.protection import ORDERING_ROLES, SUBJECT, Grant, Policy, Protection

_NOBODY = Caller(subject="", audience_class="public")
_UNDER = ", ".join(f"'{name}', coalesce(current_setting('a22.{name}', true), '')" for name in told_of(_NOBODY, ""))


def operation_table(metadata: MetaData) -> Table:
    """Declare the operations of one service."""
    return Table(
        "operation",
        metadata,
        Column("id", PgUuid(as_uuid=True), primary_key=True),
        Column("kind", Text, nullable=False),
        Column("state", Text, nullable=False, server_default="waiting"),
        Column("arguments", JSONB, nullable=False),
        Column("caller", JSONB, nullable=False),
        Column("subject", Text, nullable=False, server_default=text("coalesce(current_setting('a22.subject', true), '')")),
        Column("audience", Text, nullable=False, server_default=text("CURRENT_USER")),
        Column("ordered_under", JSONB, nullable=False, server_default=text(f"jsonb_build_object({_UNDER})")),
        Column("job_id", BigInteger),
        Column("attempt", Integer, nullable=False, server_default="0"),
        Column("failures", Integer, nullable=False, server_default="0"),
        Column("failed_at", BigInteger, nullable=False, server_default="-1"),
        Column("done", BigInteger, nullable=False, server_default="0"),
        Column("total", BigInteger),
        Column("result", JSONB(none_as_null=True)),
        Column("problem", JSONB(none_as_null=True)),
        Column("problem_code", Text),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("a22_now()")),
        Column("started_at", DateTime(timezone=True)),
        Column("finished_at", DateTime(timezone=True)),
        Column("expires_on", Date, nullable=False),
        Index("ix_operation_subject_created_at_id", "subject", "created_at", "id"),
        Index("ix_operation_state_kind", "state", "kind"),
    )  # fmt: skip


#: Of the queue an orderer reaches nothing but this: an own operation that waits and is not in the queue gets into it.
#: One lock for each kind: two of a kind take turns, whoever ordered them and however many processes there are.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION order_operation(ordered uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = jobs, public, pg_temp AS $$
DECLARE wanted text; queued bigint;
BEGIN
  SELECT o.kind INTO STRICT wanted FROM public.operation o
  WHERE o.id = ordered AND o.state = 'waiting' AND o.job_id IS NULL
    AND o.subject = coalesce(current_setting('a22.subject', true), '') FOR UPDATE;
  SELECT (procrastinate_defer_jobs_v1(ARRAY[ROW(
    'operations', 'carry_out', 0, wanted, NULL, jsonb_build_object('operation_id', ordered), NULL
  )::procrastinate_job_to_defer_v1]))[1] INTO queued;
  UPDATE public.operation SET job_id = queued WHERE id = ordered;
  RETURN queued;
END $$;
"""

_OWN = f"subject = {SUBJECT} AND audience = CURRENT_USER"
_POLICIES = (
    Policy(condition="author", using=_OWN, command="SELECT"),
    Policy(condition="author", using="false", check=f"{_OWN} AND state = 'waiting'", command="INSERT"),
    # an outcome is written by the worker alone
    Policy(condition="author", using=_OWN, check=f"{_OWN} AND state IN ('running', 'cancelled')", command="UPDATE"),
)
_OWN_COLUMNS = Grant(
    select=("id", "kind", "state", "attempt", "done", "total", "result", "problem", "created_at", "finished_at", "expires_on"),
    insert=("id", "kind", "arguments", "caller", "total", "expires_on"),
    update=("state", "done", "total", "finished_at"),
)  # fmt: skip
_COUNTED = Grant(select=("kind", "state", "created_at", "finished_at", "problem_code"))

PROTECTIONS = (
    Protection(
        table="operation",
        policies={
            **dict.fromkeys(ORDERING_ROLES, _POLICIES),
            "service": Policy(condition="institution", using="true", command="SELECT"),
        },
        grants={
            **dict.fromkeys(ORDERING_ROLES, _OWN_COLUMNS),
            "service": _COUNTED,
            "worker": Grant(select="*", insert="*", update="*", delete=True),
        },
    ),
)

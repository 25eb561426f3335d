"""The tables of imports, alike in every service: a run with its counts, the rows that wait in it, what is wrong with rows.

Rows wait sealed and only until the run has ended. Nobody but the person who ordered an import reaches what is in it.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid

from shared.protection import SUBJECT, Grant, Policy, Protection

COUNTS = (
    "rows", "staged", "created", "changed", "unchanged", "waiting", "reported", "held_back", "bad", "unverified", "questions",
)  # fmt: skip


def _ordered_by() -> Column[Any]:
    """Say whose it is: a default that cannot be forged."""
    return Column(
        "ordered_by", Text, nullable=False, server_default=text("coalesce(current_setting('a22.subject', true), '')")
    )


def _part_of(table: str, column: str, *, is_key: bool) -> Column[Any]:
    """Say what it belongs to, and goes with."""
    above = ForeignKey(f"{table}.{column}", ondelete="CASCADE")
    return Column("operation_id", PgUuid(as_uuid=True), above, primary_key=is_key, nullable=False)


def import_tables(metadata: MetaData) -> None:
    """Declare the tables of one service; its operations are declared beside them."""
    Table(
        "import_run",
        metadata,
        _part_of("operation", "id", is_key=True),
        _ordered_by(),
        Column("facts", JSONB, nullable=False),
        Column("is_finished", Boolean, nullable=False, server_default=text("false")),
        *(Column(name, Integer, nullable=False, server_default="0") for name in COUNTS),
    )
    Table(
        "import_row",
        metadata,
        _part_of("import_run", "operation_id", is_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
        _ordered_by(),
        Column("line", Integer, nullable=False),
        Column("row_id", Text),
        Column("content", LargeBinary),
        Index("ix_import_row_operation_id_row_id", "operation_id", "row_id", "number"),
    )
    Table(
        "import_problem",
        metadata,
        Column("id", BigInteger, Identity(), primary_key=True),
        _part_of("import_run", "operation_id", is_key=False),
        _ordered_by(),
        Column("line", Integer),
        *(Column(name, Text) for name in ("row_id", "column_name", "sheet", "cell")),
        *(Column(name, Text, nullable=False) for name in ("field", "code", "detail")),
        Index("ix_import_problem_operation_id_line", "operation_id", "line"),
    )


_OWN = f"ordered_by = {SUBJECT}"
_POLICIES = {"npm": Policy(condition="own_entry", using=_OWN, check=_OWN)}
_RUN = ("operation_id", "facts", "is_finished", *COUNTS)
_ROW = ("operation_id", "number", "line", "row_id", "content")
_PROBLEM = ("operation_id", "line", "row_id", "column_name", "sheet", "cell", "field", "code", "detail")

PROTECTIONS = (
    Protection(
        table="import_run",
        policies=_POLICIES,
        grants={"npm": Grant(select=(*_RUN, "ordered_by"), insert=_RUN, update=("is_finished", *COUNTS))},
    ),
    Protection(
        table="import_row",
        policies=_POLICIES,
        grants={
            "npm": Grant(select=(*_ROW, "ordered_by"), insert=_ROW, delete=True),
            # what was cancelled or failed leaves rows behind that nobody will take
            "worker": Grant(select=("operation_id",), delete=True),
        },
    ),
    Protection(
        table="import_problem",
        policies=_POLICIES,
        grants={"npm": Grant(select=("id", *_PROBLEM, "ordered_by"), insert=_PROBLEM)},
    ),
)

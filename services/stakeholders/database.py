"""The database of the stakeholders service: its metadata and the bases of its tables.

Holds no table of its own; `protection.py` gathers what the features declare.
"""

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field

from shared.journal import system_tables
from shared.operations.tables import operation_table
from shared.records import Record, new_metadata

METADATA = new_metadata()
system_tables(METADATA)
operation_table(METADATA)


class Base(Record, registry=registry(metadata=METADATA)):
    """Base of the tables of this service."""


class Sourced(Base):
    """Base of the tables that take imported history: which row of which source a record came from."""

    source: str | None = None
    source_row: str | None = None
    source_note: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))

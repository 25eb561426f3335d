"""The gateway's own database: its metadata and the base of its tables.

Holds no table of its own; `protection.py` gathers what the features declare.
"""

from sqlalchemy.orm import registry

from shared.journal import system_tables
from shared.operations.tables import operation_table
from shared.records import Record, new_metadata

METADATA = new_metadata()
system_tables(METADATA)
operation_table(METADATA)


class Base(Record, registry=registry(metadata=METADATA)):
    """Base of the tables of the gateway."""

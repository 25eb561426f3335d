"""The common columns of every table: id, who and when, version, confidentiality, origin.

A record never leaves a service as an answer; answers have models of their own.
"""

from collections.abc import Callable
from datetime import date, datetime
from inspect import Signature
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, DateTime, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from shared.db import Work

#: Names of constraints, so that migrations can name them too.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_metadata() -> MetaData:
    """Make the metadata of one service."""
    return MetaData(naming_convention=NAMING)


class Fresh:
    """Makes the default of a field, and says at once that it takes nothing.

    The library asks a default's maker for its signature whenever a record is made; that of `list` it finds by parsing the
    text of its documentation, which took nine tenths of the time in which a place was made.
    """

    __signature__ = Signature()

    def __init__(self, make: Callable[..., Any]) -> None:
        """Make what `make()` makes."""
        self._make = make

    def __call__(self) -> Any:
        """Make a new one."""
        return self._make()


class Record(SQLModel):
    """What every table has. Ids are uuid4: a time-ordered one would tell when a visit was planned."""

    @classmethod
    def __pydantic_init_subclass__(cls, **keywords: Any) -> None:
        """Let the defaults of every table be made without looking at their makers each time."""
        super().__pydantic_init_subclass__(**keywords)
        for field in cls.model_fields.values():
            if field.default_factory is not None and not isinstance(field.default_factory, Fresh):
                field.default_factory = Fresh(field.default_factory)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    created_by: str
    updated_at: datetime = Field(sa_type=DateTime(timezone=True))
    updated_by: str
    version: int = 1
    confidentiality: str = "INT"
    origin: str = "native"


def json_column(*, default: Any = None) -> Any:
    """Declare a JSONB column; a changed value is assigned anew, never altered in place."""
    return Field(default_factory=default or list, sa_column=Column(JSONB, nullable=False))


async def stamps(work: Work) -> dict[str, Any]:
    """Give the common columns of a new record."""
    now = await work.now()
    return {"created_at": now, "created_by": work.caller.person, "updated_at": now, "updated_by": work.caller.person}


async def touch(work: Work, record: Record) -> None:
    """Mark a record as changed now, by the caller."""
    record.updated_at = await work.now()
    record.updated_by = work.caller.person
    record.version += 1
    work.session.add(record)


#: Numbers come from sequences, one for each kind and year: taking one locks nobody out, and a gap means nothing.
#: The function belongs to the owner, who alone may make the sequence of a new year.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION next_number(kind text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF kind !~ '^[a-z_]{1,40}_[0-9]{4}$' THEN RAISE EXCEPTION 'no such numbering'; END IF;
  IF to_regclass('number_' || kind) IS NULL THEN
    PERFORM pg_advisory_xact_lock(4202023);  -- two first ones of a year take turns
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', 'number_' || kind);
  END IF;
  RETURN nextval('number_' || kind);
END $$;
"""
NEXT_NUMBER = "SELECT next_number($1)"


async def next_number(work: Work, kind: str, prefix: str) -> str:
    """Give the next number that people quote, such as R-2026-0042; numbers of complaints are random and not from here."""
    year = (await work.today()).year
    number: int = await work.connection.fetchval(NEXT_NUMBER, f"{kind}_{year}")
    return f"{prefix}-{year}-{number:04d}"


def imported_from(source: str, row: str, on: date, by: str, mapping: str) -> dict[str, str]:
    """Say where an imported record comes from."""
    return {"source": source, "row": row, "imported_on": on.isoformat(), "by": by, "mapping": mapping}

"""Lists and single things as one SQL statement each: declared in a feature's `queries.py`, JSON made in PostgreSQL.

Statements are put together from fixed text only; every value is bound. Cursors name the last visible row, are equal
for equal pages, and cannot be read, altered or used elsewhere.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from pydantic import BaseModel, ConfigDict, Field

from shared.db import Work
from shared.errors import BadRequest, FieldError, NotFound, Unprocessable

_PLACEHOLDER = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")
HIGHEST_COUNT = 10_000


class Paging(BaseModel):
    """What every list takes; filters of a list inherit it. Unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    """How many to give at most."""
    cursor: Annotated[str, Field(max_length=1000, pattern=r"^[A-Za-z0-9_-]+$")] | None = None
    """Where to go on: the `next_cursor` of the page before."""
    count: Literal["exact"] | None = None
    """`exact` adds the number of matching things as `count`, up to 10,000."""


@dataclass(frozen=True)
class Sort:
    """One order of a list: a NOT NULL expression and its SQL type."""

    expression: str
    type: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list of one audience. Placeholders are written `:name`.

    `where` is what the caller may see beyond the row policies; `filters` has one predicate for each field of the
    filter model; `sorts` the orders by name.
    """

    columns: str
    source: str
    sorts: Mapping[str, Sort]
    default_sort: str
    filters: Mapping[str, str] = field(default_factory=dict)
    where: str = "true"
    identity: str = "id"

    def __hash__(self) -> int:
        """Hash by identity: a listing is a module constant."""
        return id(self)


@dataclass(frozen=True)
class Statement:
    """A whole list as one statement with its values; each row is one item as JSON."""

    sql: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Page:
    """A rendered page and the cursor of the next one; or, for an export, the statement that gives the whole list."""

    body: bytes
    next_cursor: str | None
    whole: Statement | None = None
    filtered_by: tuple[str, ...] = ()


@lru_cache(maxsize=2048)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """Turn `:name` into `$1`; give the names in order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    return _PLACEHOLDER.sub(number, sql), tuple(names)


@lru_cache(maxsize=2048)
def _page_sql(
    listing: Listing, present: tuple[str, ...], sort: str, *, resumed: bool = False, whole: bool = False
) -> tuple[str, tuple[str, ...]]:
    order = listing.sorts[sort.removeprefix("-")]
    direction, sign = ("DESC", "<") if sort.startswith("-") else ("ASC", ">")
    conditions = [listing.where, *(listing.filters[name] for name in present)]
    if resumed:
        conditions.append(
            f"({order.expression}, {listing.identity}) {sign} (:after_value::text::{order.type}, :after_id::text::uuid)"
        )
    matching = " AND ".join(f"({condition})" for condition in conditions)
    most = "" if whole else "LIMIT :page_size + 1"
    return _numbered(
        f"SELECT row_to_json(shown)::text, sort_value::text, row_id::text FROM ("  # noqa: S608 - fixed text of queries.py
        f"SELECT {order.expression} AS sort_value, {listing.identity} AS row_id, {listing.columns} FROM {listing.source} "
        f"WHERE {matching} ORDER BY {order.expression} {direction}, {listing.identity} {direction} {most}) page, "
        f"LATERAL (SELECT {_outer(listing.columns)}) shown ORDER BY page.sort_value {direction}, page.row_id {direction}"
    )


@lru_cache(maxsize=512)
def _outer(columns: str) -> str:
    """Give the names that the columns of a select list end in."""
    return ", ".join(f"page.{name}" for name in column_names(columns))


def column_names(columns: str) -> list[str]:
    """Give the names of a select list: the alias, or the word after the last point."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(columns):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            parts.append(columns[start:at])
            start = at + 1
    parts.append(columns[start:])
    return [re.split(r"[\s.]+", part.strip())[-1].strip('"') for part in parts]


@lru_cache(maxsize=1024)
def _count_sql(listing: Listing, present: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    matching = " AND ".join(
        f"({condition})" for condition in (listing.where, *(listing.filters[name] for name in present))
    )
    counted = f"SELECT count(*) FROM (SELECT 1 FROM {listing.source} WHERE {matching} LIMIT {HIGHEST_COUNT}) matching"  # noqa: S608
    return _numbered(counted)


class Cursors:
    """Makes and reads cursors: deterministic, unreadable, bound to caller, operation and query."""

    def __init__(self, key: bytes) -> None:
        """Take a key of 32 bytes."""
        self._cipher = AESSIV(key)

    def write(self, bound: bytes, value: str, row_id: str) -> str:
        """Name the last row of a page."""
        return self._cipher.encrypt(json.dumps([value, row_id]).encode(), [bound]).hex()

    def read(self, bound: bytes, cursor: str) -> tuple[str, str]:
        """Give sort value and id; BadRequest for an edited, foreign or other-query cursor."""
        try:
            value, row_id = json.loads(self._cipher.decrypt(bytes.fromhex(cursor), [bound]))
        except (ValueError, InvalidTag):
            raise BadRequest(
                "this cursor is not one of this list; begin again without it", code="invalid_cursor"
            ) from None
        return value, row_id


async def fetch_page(work: Work, listing: Listing, filters: Paging, **parameters: Any) -> Page:
    """Read one page of a list as JSON: `{"items": […], "next_cursor": …}`, with `count` where it was asked for.

    Of an export nothing is read here: it gets the same statement without an end, for a transaction of its own.
    """
    await work.flush()
    asked = filters.model_dump(exclude_none=True, mode="python")
    if work.form is not None:
        return _whole(listing, filters, asked, parameters)
    limit, cursor, sort = asked.pop("limit"), asked.pop("cursor", None), str(asked.pop("sort", listing.default_sort))
    counted = asked.pop("count", None)
    present = tuple(name for name in asked if name in listing.filters)
    bound = _bound(work, sort, asked)
    values = {**parameters, **asked, "page_size": limit}
    if cursor:
        values["after_value"], values["after_id"] = work.state.cursors.read(bound, cursor)
    sql, names = _page_sql(listing, present, sort, resumed=cursor is not None)
    rows = await work.connection.fetch(sql, *(_bindable(values[name]) for name in names))
    next_cursor = work.state.cursors.write(bound, rows[limit - 1][1], rows[limit - 1][2]) if len(rows) > limit else None
    told = f',"count":{await _count(work, listing, present, values)}' if counted else ""
    items = ",".join(row[0] for row in rows[:limit])
    return Page(f'{{"items":[{items}],"next_cursor":{json.dumps(next_cursor)}{told}}}'.encode(), next_cursor)


def _whole(listing: Listing, filters: Paging, asked: dict[str, Any], parameters: Mapping[str, Any]) -> Page:
    """Give the statement of a whole list; what cuts a list into pages has no place in an export."""
    cutting = sorted(Paging.model_fields.keys() & filters.model_fields_set)
    if cutting:
        wrong = [FieldError(f"/{name}", "not_in_an_export", "an export gives the whole list") for name in cutting]
        raise Unprocessable("a value is not acceptable", errors=wrong)
    sort = str(asked.pop("sort", listing.default_sort))
    present = tuple(name for name in asked if name in listing.filters)
    values = {**parameters, **asked}
    sql, names = _page_sql(listing, present, sort, whole=True)
    return Page(b"", None, Statement(sql, tuple(_bindable(values[name]) for name in names)), present)


async def _count(work: Work, listing: Listing, present: tuple[str, ...], values: Mapping[str, Any]) -> int:
    sql, names = _count_sql(listing, present)
    counted: int = await work.connection.fetchval(sql, *(_bindable(values[name]) for name in names))
    return counted


def _bound(work: Work, sort: str, asked: Mapping[str, Any]) -> bytes:
    operation = work.operation.key if work.operation else ""
    return json.dumps(
        [work.caller.subject, work.caller.audience_class, operation, sort, asked], default=str, sort_keys=True
    ).encode()


def _bindable(value: Any) -> Any:
    if isinstance(value, (list, tuple, set, frozenset)):
        return [each if each is None or isinstance(each, str | bytes) else str(each) for each in value]
    return value.value if hasattr(value, "value") else value


async def fetch_one(work: Work, sql: str, **parameters: Any) -> bytes:
    """Read one thing as JSON by a statement with one row of named columns; NotFound when nothing is visible."""
    await work.flush()
    statement, names = _numbered(f"SELECT row_to_json(shown)::text FROM ({sql}) shown")  # noqa: S608 - fixed text of queries.py
    found: str | None = await work.connection.fetchval(statement, *(_bindable(parameters[name]) for name in names))
    if found is None:
        raise NotFound
    return found.encode()


async def fetch_rows(work: Work, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    """Read rows for a use case, as dictionaries of named columns."""
    await work.flush()
    statement, names = _numbered(sql)
    rows = await work.connection.fetch(statement, *(_bindable(parameters[name]) for name in names))
    return [dict(row) for row in rows]


async def execute(work: Work, sql: str, **parameters: Any) -> int:
    """Run one writing statement of `queries.py`; gives the number of rows it touched."""
    await work.flush()
    statement, names = _numbered(sql)
    tag = await work.connection.execute(statement, *(_bindable(parameters[name]) for name in names))
    return int(tag.split()[-1])


def next_link(work: Work, query: list[tuple[str, str]], cursor: str) -> str:
    """Write the Link header of a page (RFC 8288); the host comes from the settings, never from the request."""
    kept = [(name, value) for name, value in query if name != "cursor"]
    return f'<{work.url}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'

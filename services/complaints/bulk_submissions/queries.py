"""The statements of a batch: each takes all its rows at once, under the partner's own role."""

import json
from typing import Any

from pydantic_core import to_json
from sqlalchemy.dialects.postgresql.base import PGDialect

from services.complaints.complaint_referrals.tables import COLUMNS, ComplaintReferral
from shared.db import Work
from shared.paging import fetch_rows
from shared.texts import as_array, as_json

#: The same in all rows of a batch.
_SAME = ("partner_id", "status_on", "created_at", "created_by", "updated_at", "updated_by", "version", "confidentiality", "origin")  # fmt: skip
_OWN = tuple(column for column in COLUMNS if column not in _SAME)
_DIALECT = PGDialect()  # type: ignore[no-untyped-call]
_COLUMNS = ComplaintReferral.metadata.tables["complaint_referral"].c
_TYPES = {column: _COLUMNS[column].type.compile(dialect=_DIALECT) for column in _OWN}
KNOWN = """
SELECT r.id, r.external_id, r.digests::text FROM complaint_referral r
WHERE r.partner_id = :partner_id::uuid AND r.external_id = ANY(:external_ids::text[])
"""
#: What differs from row to row comes as one text for each column: neither driver nor server looks at each value twice.
#: No value holds the separator: what was sent has no control characters, and none is an empty text.
_SEPARATOR = chr(31)
SUBMIT_ALL = f"""
INSERT INTO complaint_referral ({", ".join((*_OWN, *_SAME))})
SELECT {", ".join([*(f"n.{column}::{_TYPES[column]}" for column in _OWN), *(f"s.{column}" for column in _SAME)])}
FROM unnest({", ".join(f"string_to_array(:{column}::text, chr(31), '')" for column in _OWN)}) n({", ".join(_OWN)}),
  jsonb_populate_record(null::complaint_referral, :same::jsonb) s
ON CONFLICT (partner_id, external_id) DO NOTHING RETURNING external_id
"""


async def known(work: Work, external_ids: list[str]) -> dict[str, dict[str, Any]]:
    """Give what the partner sent before under these ids: our id and the digests of what was sent."""
    if not external_ids:
        return {}
    found = await fetch_rows(work, KNOWN, partner_id=work.caller.partner_id, external_ids=external_ids)
    return {row["external_id"]: {**row, "digests": json.loads(row["digests"])} for row in found}


async def submit_all(work: Work, rows: list[dict[str, Any]]) -> set[str]:
    """Keep new referrals; gives the external ids of those that nobody else kept meanwhile."""
    if not rows:
        return set()
    same = as_json({column: rows[0][column] for column in _SAME})
    own = {column: _SEPARATOR.join(_as_texts(column, [row[column] for row in rows])) for column in _OWN}
    return {row["external_id"] for row in await fetch_rows(work, SUBMIT_ALL, same=same, **own)}


def _as_texts(column: str, values: list[Any]) -> list[str]:
    if _TYPES[column].endswith("[]"):
        return [as_array(value) for value in values]
    if _TYPES[column] == "JSONB":
        return [to_json(value).decode() for value in values]
    return ["" if value is None else str(value) for value in values]

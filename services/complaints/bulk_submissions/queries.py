"""The statements of a batch: each takes all its rows at once, under the partner's own role."""

import json
from typing import Any

from pydantic_core import to_json

from services.complaints.complaint_referrals.tables import COLUMNS
from shared.db import Work
from shared.paging import fetch_rows

_LISTED = ", ".join(COLUMNS)
KNOWN = """
SELECT r.id, r.external_id, r.digests::text FROM complaint_referral r
WHERE r.partner_id = :partner_id::uuid AND r.external_id = ANY(:external_ids::text[])
"""
SUBMIT_ALL = f"""
INSERT INTO complaint_referral ({_LISTED}) SELECT {_LISTED} FROM jsonb_populate_recordset(null::complaint_referral, :rows::jsonb)
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
    return {row["external_id"] for row in await fetch_rows(work, SUBMIT_ALL, rows=to_json(rows).decode())}

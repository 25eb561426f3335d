"""What standing asks of the directory. Changes nothing."""

from collections.abc import Collection
from uuid import UUID

from shared.db import Work
from shared.paging import fetch_rows

#: These authorities and all that hangs under them: who has a tie to an institution is not unbiased about its departments.
UNDER = """
WITH RECURSIVE under(id) AS (
  SELECT unnest(:authority_ids::uuid[])
  UNION SELECT s.id FROM under JOIN stakeholder s ON s.parents @> jsonb_build_array(jsonb_build_object('id', under.id::text))
)
SELECT id::text AS id FROM under ORDER BY id
"""


async def with_all_under(work: Work, authority_ids: Collection[UUID]) -> list[str]:
    """Give these authorities with all that hangs under them, whether the directory knows them or not."""
    if not authority_ids:
        return []
    return [row["id"] for row in await fetch_rows(work, UNDER, authority_ids=list(authority_ids))]

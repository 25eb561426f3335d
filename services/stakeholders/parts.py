"""Parts of records, read: jsonb comes from the driver as text in rows that a use case reads.

Never used for what is answered: answers are made by PostgreSQL.
"""

import json
from typing import Any


def read(part: Any) -> list[dict[str, Any]]:
    """Give a part that is a list of objects."""
    found: list[dict[str, Any]] = json.loads(part) if isinstance(part, str) else part
    return found


def read_object(part: Any) -> dict[str, Any] | None:
    """Give a part that is one object, or None."""
    found: dict[str, Any] | None = json.loads(part) if isinstance(part, str) else part
    return found

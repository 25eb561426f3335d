"""Every day and instant that is taken has an end: the first and the last one there are stand for endless time in the database.

The driver writes 0001-01-01 as `-infinity` and 9999-12-31 as `infinity`, and what is read back then is no day.
"""

from datetime import UTC, date, datetime
from typing import Any

from pydantic import BaseModel
from pydantic_core import CoreSchema

_ENDLESS: dict[str, tuple[date, date]] = {
    "date": (date.min, date.max),
    "datetime": (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
}


def keep_finite(schema: Any) -> None:
    """Bound every day and instant in a schema of pydantic's, in place; a bound that is there already stays."""
    for part in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(part, dict | list):
            keep_finite(part)
    # fields have names in such a schema too, and one of them is `type`
    if isinstance(schema, dict) and isinstance(schema.get("type"), str) and schema["type"] in _ENDLESS:
        first, last = _ENDLESS[schema["type"]]
        schema.setdefault("gt", first)
        schema.setdefault("lt", last)


class Finite(BaseModel):
    """Base of models that take no endless time."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        """Bound what pydantic makes of the model."""
        schema: CoreSchema = handler(source)
        keep_finite(schema)
        return schema

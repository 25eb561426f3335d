"""What every import of this service takes."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from shared.schemas import Code, Sent, ShortText, Whole


class ImportRow(Sent):
    """One row of a source that is being imported."""

    row: Code
    """The id of the row in its source; the same id again is the same record."""
    line: Annotated[int, Field(ge=1, le=10_000_000), Whole]
    """The line in the file, for the report."""
    id: UUID | None = None
    """The id the record is to have; counts only when the record is made."""
    doubt: ShortText | None = None
    """Why somebody should look at the row."""
    note: dict[str, Any] = {}
    """What the source says beside these fields, with where each value comes from."""

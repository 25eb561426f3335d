"""What every import of this service takes and reports."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.schemas import Code, Sent, ShortText, Shown, Whole


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


class ImportOrder(BaseModel):
    """How an import is to be done."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    source: Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[a-z0-9-]+$")]
    """Name of the source; with the row id it identifies a record."""
    mapping: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[a-z0-9-]+$")]
    """Name of the mapping that made the rows."""
    dry_run: bool = False
    """Report only; nothing is kept."""
    all_or_nothing: bool = False
    """Keep nothing when a row is bad."""


class ImportProblem(Shown):
    """A row that was not taken, or a field of it."""

    line: int | None
    row: str | None
    field: str
    code: str
    detail: str


class ImportReport(Shown):
    """What became of the rows."""

    rows: int
    created: int
    changed: int
    unchanged: int
    reported: int
    dry_run: bool
    problems: list[ImportProblem]

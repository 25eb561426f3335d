"""What an import of aliases takes; it reports as every import does."""

from typing import Annotated

from pydantic import Field

from shared.schemas import Code, Name, Sent, Whole


class PlaceAliasImportRow(Sent):
    """One way in which somebody writes the name of a place."""

    row: Annotated[str, Field(min_length=1, max_length=500)]
    """The id of the row in its source, which may be the written name itself."""
    line: Annotated[int, Field(ge=1, le=10_000_000), Whole]
    """The line in the file, for the report."""
    place_source: Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[a-z0-9-]+$")]
    """The source of the register that the place came from."""
    place_row: Code
    """The row of that source that the place came from."""
    text: Name
    """The name as written."""

    @property
    def id(self) -> None:
        """A name has no id of its own."""
        return None

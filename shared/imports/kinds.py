"""A kind of thing that can be imported: declared once by its feature, used by the route and by the run."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter

from shared.db import Work
from shared.imports.envelope import Imported, ImportOrder
from shared.schemas import JsonLinesBytes

Take = Callable[[Work, ImportOrder, list[Any]], Awaitable[Imported]]


@dataclass(frozen=True, kw_only=True)
class ImportKind:
    """How rows of a kind are read and taken."""

    name: str
    """The word in the path: `/v1/npm/<name>/imports`."""
    operation: str
    """The operation id, such as `import_places`; also the kind of the operation that carries it out."""
    row: type[BaseModel]
    take: Take
    about: str
    """What it is, for people who use the API; the first sentence is its title."""
    takes_whole: bool = False
    """Whether a row may need another one of the same file, so that all are taken at once."""

    def read(self, lines: list[bytes]) -> list[Any]:
        """Read rows, each by itself; what cannot be read is a `BadLine`."""
        read: list[Any] = _reader(self.row).validate_python(b"\n".join(lines))
        return read


@cache
def _reader(row: type[BaseModel]) -> TypeAdapter[Any]:
    lines: Any = Annotated[list[row], JsonLinesBytes()]  # type: ignore[valid-type]
    return TypeAdapter(lines)

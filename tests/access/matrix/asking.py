"""What a cell sends: the least body, a purpose, and a version that nothing has, so that nothing changes."""

import json
from typing import Any

from tests.access.matrix import bodies
from tests.access.matrix.cells import NO_VERSION, Cell, needs_version


def asked(cell: Cell, version: str = NO_VERSION, *, fuller: bool = False) -> dict[str, Any]:
    """Write headers and body of one cell's request; `fuller` with what rules ask for beyond the schema."""
    headers = {"X-Access-Purpose": "supervision"}
    media = bodies.media_of(cell.row)
    if needs_version(cell.row):
        headers["If-Match"] = version
    if cell.row.bulk:
        return {"headers": {**headers, "Content-Type": "text/plain"}, "content": b"{}"}
    if media is None:
        return {"headers": headers}
    written = bodies.fuller_body_of if fuller else bodies.body_of
    body = json.dumps(written(cell.row, cell.path, cell.action)).encode()
    return {"headers": {**headers, "Content-Type": media}, "content": body}

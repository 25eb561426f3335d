"""The process that reads somebody's file: `python -m shared.imports.child FD`, with the file as its standard input.

What is hostile in a file or in a pattern of a mapping ends here, with bounds of time and memory; the service goes on.
It opens no database, no connection and no other file than the words that the mapping names.
It writes one line for each row of the file.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shared.imports import mapping_files, rows, targets
from shared.imports.problems import FileRefused
from shared.imports.reading import files
from shared.imports.rows import Ready

MOST_SECONDS = 240
MOST_MEMORY = 2_000_000_000
MOST_LINE_BYTES = 256_000

START, READY, REPORTED, REFUSED, END = b"S", b"R", b"P", b"F", b"E"


def _json(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=str).encode()
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False, default=str).encode()


def _told(file: Any, mapping_text: str, name: str, folder: Path) -> Iterator[tuple[bytes, ...]]:
    mapping = mapping_files.read(mapping_text, name, folder)
    opened = files.opened(file, mapping)
    every = {"row": mapping.row, **mapping.fields}
    facts = {
        "mapping": mapping.name, "kind": mapping.kind, "source": mapping.source, "sheet": opened.layout.sheet,
        "letters": dict(opened.layout.letters), "columns": {name: mapping.columns_behind(name) for name in every},
        "shapes": targets.shapes(mapping),
    }  # fmt: skip
    yield START, _json(facts)
    for row in rows.mapped(opened, mapping):
        if isinstance(row, Ready):
            content = _json(row.fields)
            if len(content) <= MOST_LINE_BYTES:
                yield READY, str(row.line).encode(), _json(row.row), content
                continue
            problem = opened.layout.problem("too_long", "expected a row that is not this long", line=row.line)
            row = rows.Reported(row.line, row.row, (problem,))  # noqa: PLW2901 - the row is reported instead
        told = {"line": row.line, "row": row.row, "left_out": row.is_left_out}
        yield REPORTED, _json({**told, "problems": [asdict(problem) for problem in row.problems]})
    yield (END,)


def main(descriptor: int) -> None:
    """Read the mapping from a descriptor and the file from standard input; write rows to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(descriptor, "rb") as pipe:
        sent = json.loads(pipe.read())
    out = sys.stdout.buffer
    with os.fdopen(os.dup(0), "rb") as file:
        try:
            for parts in _told(file, sent["mapping"], sent["name"], Path(sent["folder"])):
                out.write(b"\t".join(parts) + b"\n")
        except FileRefused as refused:
            out.write(REFUSED + b"\t" + _json(asdict(refused.problem)) + b"\n")
    out.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))

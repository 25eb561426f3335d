"""Lines of a text file, decoded as its mapping says and never longer than a bound."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from shared.imports.mapping import Mapping
from shared.imports.problems import FileRefused

#: A line longer than this comes in pieces; the pieces are no rows.
MOST_CHARACTERS = 256_000


@contextmanager
def lines(file: BinaryIO, mapping: Mapping, *, newline: str) -> Iterator[Iterator[str]]:
    """Give the lines of a text; what cannot be decoded stays visible as a lone surrogate, and is reported with its row."""
    errors = "strict" if mapping.encoding == "utf-16" else "surrogateescape"
    text = io.TextIOWrapper(file, encoding=mapping.encoding, errors=errors, newline=newline)
    try:
        yield _read(text)
    except UnicodeError:
        raise FileRefused("other_encoding", f"text in {mapping.encoding.upper()} from beginning to end") from None
    finally:
        if not file.closed:
            text.detach()


def _read(text: io.TextIOWrapper) -> Iterator[str]:
    is_first = True
    while line := text.readline(MOST_CHARACTERS):
        yield line.removeprefix("\ufeff") if is_first else line
        is_first = False


def is_undecoded(text: str) -> bool:
    """Tell whether something in a text could not be decoded, or is no text at all."""
    return "\x00" in text or (not text.isascii() and any("\udc80" <= letter <= "\udcff" for letter in text))

"""A bulk body as it comes: cut at line ends wherever the chunks end, bounded, and plain about what was kept."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from shared.errors import BadRequest, Unprocessable
from shared.lines import Lines
from shared.schemas import BadLine, bulk_limits


async def chunked(*chunks: bytes, cut_off: bool = False) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    if cut_off:
        raise ClientDisconnect


def lines(*chunks: bytes, cut_off: bool = False) -> Lines[Any]:
    return Lines(chunked(*chunks, cut_off=cut_off), bytes.decode)


async def gathered(found: Lines[Any], into: list[Any]) -> None:
    async for batch in found.batches(2):
        into += [line for _, line in batch]


async def read(found: Lines[Any], size: int) -> list[list[tuple[int, Any]]]:
    return [batch async for batch in found.batches(size)]


async def test_lines_are_whole_wherever_chunks_end_and_empty_ones_do_not_count() -> None:
    found = await read(lines(b"[1", b"]\n\n[2]\n ", b"\n[", b"3]"), 2)

    assert found == [[(1, "[1]"), (2, "[2]")], [(3, "[3]")]]


async def test_a_line_that_is_too_long_is_told_and_the_next_is_read() -> None:
    pieces = [b"x" * 100_000] * 5

    found = await read(lines(b"[1]\n", *pieces, b"\n[2]\n"), 10)

    ((first, second, third),) = found
    assert (first, third) == ((1, "[1]"), (3, "[2]"))
    assert isinstance(second[1], BadLine)
    assert second[1].errors[0].code == "too_long"


async def test_a_body_that_ends_early_gives_what_came_and_says_so() -> None:
    found: list[Any] = []

    with pytest.raises(BadRequest, match="ended early"):
        await gathered(lines(b"[1]\n[2]\n[", cut_off=True), found)

    assert found == ["[1]", "[2]"]


async def test_more_lines_than_one_body_may_have_are_refused_and_those_before_are_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    most = bulk_limits().model_copy(update={"bulk_rows": 3})
    monkeypatch.setattr("shared.lines.bulk_limits", lambda: most)
    found: list[Any] = []

    with pytest.raises(Unprocessable, match="at most 3"):
        await gathered(lines(b"1\n2\n3\n4\n5\n"), found)

    assert found == ["1", "2", "3"]

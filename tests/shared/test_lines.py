"""A bulk body as it comes: cut at line ends wherever the chunks end, bounded, and plain about what was kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from shared.errors import BadRequest, Unprocessable
from shared.lines import Lines, ahead
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


async def test_the_next_is_made_while_one_is_worked_on_and_never_more() -> None:
    made: list[int] = []

    async def counted() -> AsyncIterator[int]:
        for number in range(1, 5):
            made.append(number)
            yield number

    seen = []
    async for number in ahead(counted()):
        await asyncio.sleep(0)
        seen.append((number, len(made)))

    assert seen == [(1, 2), (2, 3), (3, 4), (4, 4)]


async def test_what_breaks_later_is_told_after_what_came_before() -> None:
    taken: list[Any] = []

    async def take_all() -> None:
        async for batch in ahead(lines(b"1\n2\n", b"3", cut_off=True).batches(2)):
            taken.append([line for _, line in batch])

    with pytest.raises(BadRequest):
        await take_all()
    assert taken == [["1", "2"]]


async def test_who_stops_in_between_leaves_nobody_reading() -> None:
    ended = []

    async def endless() -> AsyncIterator[int]:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async with aclosing(ahead(endless())) as coming:
        assert await anext(coming) == 1
        await asyncio.sleep(0)

    assert ended == [True]

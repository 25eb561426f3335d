"""What runs on ends with the access: a body that comes slowly, an answer that goes out in parts, a client that takes nothing."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Send

from shared.caller import Caller
from shared.errors import Unauthorized, Unavailable
from shared.revocations.copies import Revocations
from shared.revocations.rules import Entry, RevocationKind
from shared.revocations.watching import Watch
from tests.revocations import nobody_revoked

MEMBER = Caller(subject="member", audience_class="npm")


class Exchange:
    """One request whose caller loses access at a moment that the test chooses."""

    def __init__(self, *, is_reading: bool) -> None:
        """Begin with access."""
        self.revocations: Revocations = nobody_revoked()
        self.sent: list[Message] = []
        self.watch = Watch(self.revocations, MEMBER, self._receive, self._send, is_reading=is_reading)

    def end_access(self) -> None:
        """Let the list name the caller."""
        self.revocations.apply([Entry(id="1", kind=RevocationKind.SUBJECT, value="member")], is_whole=False)

    async def _receive(self) -> Message:
        return {"type": "http.request", "body": b"a part", "more_body": True}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)


START: dict[str, Any] = {"type": "http.response.start", "status": 200, "headers": []}
PART: dict[str, Any] = {"type": "http.response.body", "body": b"a part", "more_body": True}
LAST: dict[str, Any] = {"type": "http.response.body", "body": b""}


async def test_a_body_that_comes_after_the_end_of_access_is_not_taken() -> None:
    exchange, taken = Exchange(is_reading=False), 0

    async def app(receive: Receive, send: Send) -> None:
        nonlocal taken
        for number in range(3):
            if number == 1:
                exchange.end_access()
            await receive()
            taken += 1
        await send(START)

    with pytest.raises(Unauthorized):
        await exchange.watch.run(app, is_long=False)

    assert (taken, exchange.sent) == (1, [])


async def test_an_answer_that_only_reads_ends_without_its_last_part() -> None:
    exchange = Exchange(is_reading=True)

    async def app(_receive: Receive, send: Send) -> None:
        await send(START)
        await send(PART)
        exchange.end_access()
        await send(PART)
        await send(LAST)

    await exchange.watch.run(app, is_long=False)

    assert exchange.sent == [START, PART]


async def test_an_answer_that_had_not_begun_becomes_the_one_401() -> None:
    exchange = Exchange(is_reading=True)

    async def app(_receive: Receive, send: Send) -> None:
        exchange.end_access()
        await send(START)
        await send(LAST)

    with pytest.raises(Unauthorized):
        await exchange.watch.run(app, is_long=False)

    assert exchange.sent == []


async def test_what_was_changed_before_is_told() -> None:
    exchange = Exchange(is_reading=False)

    async def app(receive: Receive, send: Send) -> None:
        await receive()
        exchange.end_access()
        await send(START)
        await send(LAST)

    await exchange.watch.run(app, is_long=False)

    assert exchange.sent == [START, LAST]


async def test_who_takes_nothing_is_ended_too() -> None:
    exchange, is_over = Exchange(is_reading=True), asyncio.Event()

    async def app(_receive: Receive, send: Send) -> None:
        await send(START)
        exchange.end_access()
        try:
            await asyncio.Event().wait()
        finally:
            is_over.set()

    async with asyncio.timeout(5):
        await exchange.watch.run(app, is_long=True)

    assert is_over.is_set()
    assert exchange.sent == [START]


async def test_an_error_of_the_app_stays_its_own() -> None:
    exchange = Exchange(is_reading=True)

    async def app(_receive: Receive, _send: Send) -> None:
        raise LookupError

    for is_long in (False, True):
        with pytest.raises(LookupError):
            await exchange.watch.run(app, is_long=is_long)


async def test_what_takes_long_ends_once_less_may_be_seen_than_when_it_began() -> None:
    narrowed: list[Unavailable | None] = [None, Unavailable()]
    exchange, taken = Exchange(is_reading=True), asyncio.Event()

    async def said() -> Unavailable | None:
        return narrowed.pop(0)

    async def app(_receive: Receive, send: Send) -> None:
        await send(START)
        await send(PART)
        await taken.wait()

    watch = Watch(exchange.revocations, MEMBER, exchange._receive, exchange._send, is_reading=True, narrowed=said)
    await asyncio.wait_for(watch.run(app, is_long=True), timeout=20)

    assert (exchange.sent, narrowed) == ([START, PART], [])

"""Slow, half-open and idle clients cost their own connection: everybody else is served meanwhile."""

import asyncio
import json
import socket
import time
from contextlib import closing

import pytest

from tests.knocks.clients import Connection, Tokens
from tests.knocks.conftest import Start
from tests.knocks.judge import rows
from tests.knocks.processes import System

#: Generous: what is judged is what is kept, not how fast a loaded machine starts.
pytestmark = pytest.mark.timeout(600)


#: A loaded machine looks late; what matters is that it ends, and not before the limit.
ENDED_WITHIN_SECONDS = 25
IDLE = 500
UNREAD_SECONDS = 4


async def opened(system: System) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a connection to the gateway."""
    return await asyncio.open_connection("127.0.0.1", system.port)


async def drip(system: System, head: bytes, drops: bytes) -> tuple[float, bytes]:
    """Send a head, then drop by drop, until the connection ends; gives how long it lasted and what was answered."""
    began = time.monotonic()
    reader, writer = await opened(system)
    answer = asyncio.create_task(reader.read())
    writer.write(head)
    try:
        for drop in drops:
            done, _ = await asyncio.wait({answer}, timeout=0.5)
            if done:
                break
            writer.write(bytes([drop]))
        return time.monotonic() - began, await asyncio.wait_for(answer, ENDED_WITHIN_SECONDS)
    finally:
        writer.close()


async def slow_head(system: System) -> None:
    """A head that never becomes whole."""
    lasted, answer = await drip(system, b"GET /livez HTTP/1.1\r\nHost: a\r\n", b"X-Slow: " + b"z" * 80)

    assert answer.startswith(b"HTTP/1.1 408"), answer
    assert 5 <= lasted < ENDED_WITHIN_SECONDS


async def slow_body(system: System) -> None:
    """A body that comes far slower than 1 kB a second."""
    token = await Tokens(system.port).of("staff")
    head = f"POST /v1/npm/places HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    body = json.dumps({"name": "Slow House", "place_type": "prison"}).encode()
    lasted, answer = await drip(system, f"{head}Content-Length: {len(body)}\r\n\r\n".encode(), body)

    assert answer.startswith(b"HTTP/1.1 408"), answer
    assert b"application/problem+json" in answer
    assert 5 <= lasted < ENDED_WITHIN_SECONDS


async def half_open(system: System) -> None:
    """Headers that announce a body, and then nothing."""
    lasted, answer = await drip(
        system, b"POST /development/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n", b""
    )

    assert answer.startswith(b"HTTP/1.1 408"), answer
    assert lasted < ENDED_WITHIN_SECONDS


async def endless_head(system: System) -> None:
    """A head that goes on and on, fast."""
    reader, writer = await opened(system)
    writer.write(b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Endless: " + b"z" * 200_000)
    answer = await asyncio.wait_for(reader.read(12), ENDED_WITHIN_SECONDS)
    writer.close()

    assert answer == b"HTTP/1.1 400"


async def idle(system: System, number: int = IDLE) -> None:
    """Hundreds of connections that never ask anything."""
    connections = [await opened(system) for _ in range(number)]
    reads = await asyncio.wait_for(asyncio.gather(*(reader.read() for reader, _ in connections)), ENDED_WITHIN_SECONDS)
    for _, writer in connections:
        writer.close()

    assert reads == [b""] * number


async def unread(system: System) -> None:
    """Large answers that nobody takes."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listening.setblocking(False)
    with closing(listening):
        loop = asyncio.get_running_loop()
        await loop.sock_connect(listening, ("127.0.0.1", system.port))
        ask = b"GET /docs/assets/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n"
        await loop.sock_sendall(listening, ask * 12)
        await asyncio.sleep(UNREAD_SECONDS + 8)
        taken = 0
        try:
            while part := await asyncio.wait_for(loop.sock_recv(listening, 65536), ENDED_WITHIN_SECONDS):
                taken += len(part)
        except ConnectionError:
            pass

    assert taken < 12_000_000


async def others(system: System, stop: asyncio.Event) -> tuple[int, float]:
    """Everybody else: reads and writes that must all be answered; gives how many, and the slowest in seconds."""
    answered, slowest, tokens = 0, 0.0, Tokens(system.port)
    with closing(Connection(system.port)) as connection:
        while not stop.is_set():
            began = time.monotonic()
            read = await connection.send("GET", "/v1/public/places")
            made = await connection.send(
                "POST",
                "/v1/npm/places",
                {"name": f"House {answered}", "place_type": "prison"},
                Authorization=f"Bearer {await tokens.of('staff')}",
            )
            assert (read.status, made.status) == (200, 201)
            answered, slowest = answered + 1, max(slowest, time.monotonic() - began)
            await asyncio.sleep(0.05)
    return answered, slowest


async def test_a_slow_head_and_a_half_open_connection_are_ended(small: System) -> None:
    await asyncio.gather(slow_head(small), half_open(small), endless_head(small), idle(small, 20))


@pytest.mark.long
async def test_slow_and_silent_clients_are_ended_and_the_others_are_served(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A22_LIMIT_UNREAD_SECONDS", str(UNREAD_SECONDS))
    system = await start("one")
    stop = asyncio.Event()
    served = asyncio.create_task(others(system, stop))

    await asyncio.gather(*(each(system) for each in (slow_head, slow_body, half_open, endless_head, idle, unread)))

    stop.set()
    answered, slowest = await served
    assert answered > 20
    assert slowest < ENDED_WITHIN_SECONDS
    assert await rows(system, "visits", "SELECT 1 FROM place WHERE name = 'Slow House'") == []


@pytest.mark.long
async def test_half_an_import_is_never_taken_as_a_whole_one(start: Start) -> None:
    system = await start("five")
    token = await Tokens(system.port).of("head")
    lines = [json.dumps({"line": n, "row": f"r{n}", "name": f"House {n}", "place_type": "prison"}) for n in range(1, 9)]
    body = "\n".join(lines).encode()
    head = f"POST /v1/npm/places/imports?source=s&mapping=m HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
    head += f"Content-Type: application/jsonl\r\nContent-Length: {len(body)}\r\n\r\n"

    _, writer = await opened(system)
    writer.write(head.encode() + "\n".join(lines[:4]).encode() + b"\n")
    await writer.drain()
    await asyncio.sleep(1)
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(2)

    assert await rows(system, "visits", "SELECT name FROM place") == []
    with closing(Connection(system.port)) as connection:
        whole = await connection.send(
            "POST",
            "/v1/npm/places/imports?source=s&mapping=m",
            body,
            Authorization=f"Bearer {token}",
            Content_Type="application/jsonl",
        )
    assert whole.status in (200, 202), whole.body

"""A small load over loopback: keep-alive connections that each send one request after another, for some seconds.

Bounded in time and connections; talks to 127.0.0.1 only.
"""

import asyncio
import time
from dataclasses import dataclass
from uuid import uuid4


@dataclass(frozen=True)
class Target:
    """What is asked for."""

    port: int
    method: str
    path: str
    token: str = ""
    creates: bool = False

    def request(self) -> bytes:
        """Write one request."""
        body = f'{{"name":"Bench {uuid4().hex[:12]}","place_type":"prison"}}'.encode() if self.creates else b""
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        head += f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if self.creates else ""
        return head.encode() + b"\r\n" + body


@dataclass(frozen=True)
class Measured:
    """Requests a second, and the latencies (seconds) that half and 99 of 100 stay under."""

    rate: float
    p50: float
    p99: float


async def measure(target: Target, *, seconds: float, connections: int = 16) -> Measured:
    """Load a target; RuntimeError when it answers with an error."""
    until = time.perf_counter() + seconds
    latencies: list[float] = []
    await asyncio.gather(*(_one_connection(target, until, latencies) for _ in range(connections)))
    latencies.sort()
    return Measured(len(latencies) / seconds, latencies[len(latencies) // 2], latencies[int(len(latencies) * 0.99)])


async def read(target: Target) -> tuple[int, bytes]:
    """Send one request; gives status and body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    try:
        writer.write(target.request())
        return await _answer(reader)
    finally:
        writer.close()


async def _one_connection(target: Target, until: float, latencies: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    try:
        while (began := time.perf_counter()) < until:
            writer.write(target.request())
            status, body = await _answer(reader)
            if status not in (200, 201):
                raise RuntimeError(f"{target.path} answered {status}: {body[:200]!r}")
            latencies.append(time.perf_counter() - began)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    at = head.lower().index(b"content-length:") + 15
    length = int(head[at : head.index(b"\r\n", at)])
    return int(head[9:12]), await reader.readexactly(length)

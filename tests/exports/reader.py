"""A client at the ASGI edge that reads an export chunk by chunk, slowly, and may leave in the middle."""

import asyncio
from typing import Any

from tests.people import Actor


class Reader:
    """Reads one answer of an app in this process; the app waits until each chunk is taken."""

    def __init__(self, app: Any, actor: Actor, path: str, accept: str, *, address: str = "192.0.2.1") -> None:
        """Ask for a path under /v1 as an actor, from an address."""
        self._app = app
        self._left = asyncio.Event()
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=1)
        raw, _, query = f"/v1{path}".partition("?")
        headers = [(b"accept", accept.encode())]
        headers += [(b"authorization", f"Bearer {actor.token}".encode())] if actor.token else []
        self._scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": raw, "raw_path": raw.encode(), "root_path": "", "query_string": query.encode(),
            "headers": headers, "client": (address, 1), "server": None, "state": {},
        }  # fmt: skip
        self.status = 0
        self.is_whole = False

    async def __aenter__(self) -> "Reader":
        """Begin, up to the status."""
        self.task = asyncio.create_task(self._app(self._scope, self._receive, self._messages.put))
        self.status = (await self._message()).get("status", 0)
        return self

    async def __aexit__(self, *_exception: object) -> None:
        """Leave, whatever is left."""
        await self.leave()

    async def chunk(self) -> bytes:
        """Take the next chunk; nothing when there is no more."""
        message = await self._message()
        self.is_whole = self.is_whole or not message.get("more_body", bool(message.get("closed")))
        taken: bytes = message.get("body", b"")
        return taken

    async def rest(self) -> list[bytes]:
        """Take every chunk that is left."""
        chunks = []
        while chunk := await self.chunk():
            chunks.append(chunk)
        return chunks

    async def leave(self) -> None:
        """Close the connection, and wait until the app has noticed."""
        self._left.set()
        while not self.task.done():
            while not self._messages.empty():
                self._messages.get_nowait()
            await asyncio.wait({self.task}, timeout=0.01)
        self.task.result()

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _message(self) -> dict[str, Any]:
        getting = asyncio.ensure_future(self._messages.get())
        await asyncio.wait({getting, self.task}, return_when=asyncio.FIRST_COMPLETED)
        if getting.done():
            return getting.result()
        getting.cancel()
        return self._messages.get_nowait() if not self._messages.empty() else {"closed": True}

"""The one seam between one process and many: call a service's app directly, or over HTTP with an internal token.

Both hand over the same verified caller; a service accepts either and nothing else.
"""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import aiohttp
from starlette.types import ASGIApp, Receive, Scope, Send
from yarl import URL

from shared.access import Operation, handed_on
from shared.caller import Caller
from shared.claims import claims_of
from shared.errors import AppError, BadRequest, OutcomeUnknown, Unavailable
from shared.exports.leaving import while_there
from shared.identity import INTERNAL_TOKEN_TYPE, SigningKey, stamped
from shared.logs import REQUEST
from shared.settings import Settings

#: What of a request goes inside, and what of an answer goes out. Identity headers are in neither.
REQUEST_HEADERS = frozenset(
    b"accept accept-language content-type content-length if-match if-none-match idempotency-key x-access-purpose".split()
)
ANSWER_HEADERS = frozenset(
    b"content-type content-length content-language etag location link cache-control retry-after www-authenticate allow "
    b"idempotency-replayed content-disposition vary pragma".split()
)
#: A bulk body may come slowly; what counts is that something comes.
_LONG = aiohttp.ClientTimeout(total=None, sock_connect=2, sock_read=300)
#: What a service may have sent that the gateway has not taken. Left to itself the kernel lets this grow to tens of
#: megabytes for each reader who is slow, and a whole export would have left the database before anybody read it.
_UNREAD_BYTES = 262_144


class Upstream(Protocol):
    """A way to one service."""

    async def call(
        self,
        operation: Operation,
        caller: Caller,
        *,
        path: str,
        query: bytes,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Forward one request; the answer goes to `send`."""

    async def check(self) -> None:
        """Raise Unavailable unless the service is ready."""

    async def close(self) -> None:
        """Close what is open."""


def _inner(scope: Scope, caller: Caller, path: str, query: bytes) -> Scope:
    """Make the scope of a call in process; nothing of the outer one that is not named here."""
    return {
        "type": "http",
        "asgi": scope["asgi"],
        "http_version": scope["http_version"],
        "method": scope["method"],
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": [pair for pair in scope["headers"] if pair[0] in REQUEST_HEADERS],
        "client": None,
        "server": None,
        "state": {},
        "a22.caller": caller,
        "a22.request_id": scope["a22.request_id"],
    }


class Local:
    """The service's app in this process."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the app."""
        self._app = app

    async def call(
        self,
        operation: Operation,
        caller: Caller,
        *,
        path: str,
        query: bytes,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Call the app with the caller in the scope, where no request from outside can put one."""
        inner = _inner(scope, caller, path, query)
        started = False

        async def noticing(message: Mapping[str, object]) -> None:
            nonlocal started
            started = True
            await send(dict(message))

        try:
            await self._app(inner, receive, noticing)
        except Exception:
            # Starlette raises again after it has answered 500
            if not started:
                raise

    async def check(self) -> None:
        """Ask the app for /readyz."""
        statuses: list[int] = []

        async def notice(message: Mapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        async def nothing() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope: dict[str, Any] = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": "/readyz",
                 "raw_path": b"/readyz", "root_path": "", "query_string": b"", "headers": [], "client": None, "server": None}  # fmt: skip
        await self._app(scope, nothing, notice)
        if statuses != [200]:
            raise Unavailable

    async def close(self) -> None:
        """Nothing is open."""


class Remote:
    """The service behind an address, reached with a 60-second token for this one operation."""

    def __init__(self, address: str, service: str, *, settings: Settings, key: SigningKey) -> None:
        """Take the address (`http://host:port`), and the gateway's key for internal tokens."""
        self._address = address
        self._service = service
        self._settings = settings
        self._key = key
        self._session: aiohttp.ClientSession | None = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                connector=aiohttp.TCPConnector(limit=100, socket_factory=_bounded_socket),
                timeout=aiohttp.ClientTimeout(total=40, sock_connect=2),
            )
        return self._session

    def token(self, operation: Operation, caller: Caller) -> str:
        """Mint the token that hands the caller over for one operation of one service."""
        claims = {**claims_of(caller, scopes=handed_on(caller, operation)), "op": operation.key}
        made = stamped(claims, issuer=self._settings.internal_issuer, audience=self._service, seconds=60)
        return self._key.sign(made, typ=INTERNAL_TOKEN_TYPE)

    async def call(
        self,
        operation: Operation,
        caller: Caller,
        *,
        path: str,
        query: bytes,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Forward over HTTP; a service out of reach is 503."""
        headers = [
            (name.decode(), value.decode("latin-1")) for name, value in scope["headers"] if name in REQUEST_HEADERS
        ]
        headers += [("X-Request-Id", scope["a22.request_id"])]
        if (concerned := REQUEST.get()) is not None:
            headers += [("traceparent", concerned.trace.header())]
        if operation.audience != "public":
            headers += [("Authorization", f"Bearer {self.token(operation, caller)}")]
        passing, has_body = _Passing(receive), scope["method"] not in ("GET", "DELETE")
        body: Any = (passing.chunks() if operation.bulk else await whole(receive)) if has_body else None
        address = f"{self._address}{path}" + (f"?{query.decode()}" if query else "")
        headers = [pair for pair in headers if pair[0] != "content-length"]
        answer = self._opened().request(
            scope["method"], URL(address, encoded=True), headers=headers, data=body, allow_redirects=False,
            timeout=self._patience(operation, scope),
        )  # fmt: skip
        if scope.get("a22.form") is None:
            await _passed_on(answer, send, passing, method=scope["method"])
        else:
            # who leaves takes the connection to the service along, and the service ends its cursor
            await while_there(receive, _passed_on(answer, send, passing, method=scope["method"]))

    def _patience(self, operation: Operation, scope: Scope) -> aiohttp.ClientTimeout:
        """Give the timeouts of a request: an export may take as long as the service lets it."""
        if operation.bulk:
            return _LONG
        longest = 40 if scope.get("a22.form") is None else self._settings.limits.export_seconds + 10
        return aiohttp.ClientTimeout(total=longest, sock_connect=2)

    async def check(self) -> None:
        """Ask the service for /readyz."""
        try:
            async with self._opened().get(f"{self._address}/readyz") as answer:
                if answer.status != 200:
                    raise Unavailable
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise Unavailable from None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def _bounded_socket(address: aiohttp.AddrInfoType) -> socket.socket:
    """Open a socket that holds little of what nobody has read yet."""
    family, kind, protocol, *_ = address
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _UNREAD_BYTES)
    return made


class _Passing:
    """A body handed on as it comes; keeps why it was refused on the way."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.refusal: AppError | None = None

    async def chunks(self) -> AsyncIterator[bytes]:
        while True:
            try:
                message = await self._receive()
            except AppError as error:
                self.refusal = error
                raise
            if message["type"] == "http.disconnect":
                raise ConnectionResetError
            yield message.get("body", b"")
            if not message.get("more_body"):
                return


async def _passed_on(
    asked: AbstractAsyncContextManager[aiohttp.ClientResponse], send: Send, passing: _Passing, *, method: str
) -> None:
    """Pass a service's answer on as it comes; what breaks off on the way is left without its end."""
    has_begun = False
    try:
        async with asked as answer:
            told = [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
            has_begun = True
            await send({"type": "http.response.start", "status": answer.status, "headers": told})
            async for chunk in answer.content.iter_any():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
    except aiohttp.ClientConnectorError:
        raise Unavailable from None
    except (aiohttp.ClientError, TimeoutError, OSError):
        if not has_begun:
            # a body that was refused on its way through ends the request inside too
            raise passing.refusal or (Unavailable if method == "GET" else OutcomeUnknown)() from None


async def whole(receive: Receive) -> bytes:
    """Read a body to its end; BadRequest when the client goes away before it."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            # half a body must never arrive as a whole one: the lines of an import would be taken as all there were
            raise BadRequest("the request ended before it was whole; nothing was changed")
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    return b"".join(parts)

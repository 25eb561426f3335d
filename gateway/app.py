"""The only door: plain ASGI that judges path, token, audience and scope, then forwards one matched operation.

There is no catch-all: what is not in the operation table leads nowhere.
"""

import asyncio
import logging
import re
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.edge import Edge, outward
from gateway.limits import RateLimits
from gateway.operations import checked_query
from gateway.standing import Standing
from gateway.tokens import Issuers
from gateway.upstreams import Upstream
from gateway.without_access import ABOUT_ONESELF, NoAccess
from shared import access, logs, telemetry
from shared.access import Operation, OperationIndex
from shared.answers import traced
from shared.caller import PUBLIC, Caller
from shared.errors import (
    AppError,
    BadRequest,
    Forbidden,
    Internal,
    MethodNotAllowed,
    NotFound,
    TooLarge,
    Unauthorized,
    send_problem,
)
from shared.ids import fresh_id
from shared.refusals import Refusals
from shared.revocations.copies import Revocations
from shared.revocations.watching import Watch, is_long
from shared.settings import Settings
from shared.traces import Trace, begun

log = logging.getLogger("a22.gateway")
requests = logging.getLogger("a22.gateway.requests")

_PATH = re.compile(rb"/(?:[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*)?")


class Gateway:
    """The ASGI app that everything goes through."""

    def __init__(
        self,
        *,
        settings: Settings,
        index: OperationIndex,
        upstreams: Mapping[str, Upstream],
        issuers: Issuers,
        pages: ASGIApp,
        standing: Standing,
        limits: RateLimits,
        refusals: Refusals,
        revocations: Revocations,
        lifespans: tuple[Starlette, ...] = (),
    ) -> None:
        """Take the operation table, the ways to the services, whom to trust, the limits, whose access has ended, and the other pages."""
        self.settings = settings
        self.index = index
        self.issuers = issuers
        self._upstreams = upstreams
        self._pages = pages
        self._standing = standing
        self._refusals = refusals
        self._revocations = revocations
        self._limits = limits
        self._edge = Edge(settings)
        self._lifespans = lifespans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run through the lifespan."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        began = time.perf_counter()
        request_id = scope["a22.request_id"] = str(fresh_id())
        trace = begun(scope["headers"])
        logs.REQUEST.set(logs.Concerned(request_id, trace))
        told = self._edge.told(scope, request_id, trace)
        asks = self._edge.is_preflight(scope)
        sending = outward(scope, send, told, is_preflight=asks)
        try:
            if asks:
                await self._edge.answer_preflight(scope, sending)
            else:
                await self._answer(scope, receive, sending, told)
        except AppError as error:
            await send_problem(sending, error, request_id)
        except Exception as error:  # noqa: BLE001 - the last wall: nothing but a problem document leaves
            log.error("request %s failed: %s", request_id, traced(error))
            await send_problem(sending, Internal(), request_id)
        if requests.isEnabledFor(logging.INFO) or telemetry.is_on():
            _tell(scope, trace, time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, told: list[tuple[bytes, bytes]]) -> None:
        path = _checked_path(scope)
        segments = path.strip("/").split("/")
        if segments[0] != "v1":
            await self._pages(scope, receive, send)
            return
        try:
            caller = await self._caller(scope, segments, told)
        except NoAccess as without:
            raise await self._explained(without, scope["method"], path) from None
        await self._revocations.judge_soon(caller)
        operation, parameters, methods = self.index.find(scope["method"], path)
        if operation is None:
            refusal = access.refuse_path(caller.audience_class, segments)
            raise MethodNotAllowed(methods) if methods and isinstance(refusal, NotFound) else refusal
        try:
            scope["a22.form"] = access.judge(operation, caller, dict(scope["headers"]))
            asked, caller = caller, await self._standing.applied(caller, operation, scope["a22.request_id"])
        except Forbidden as refusal:
            self._refusals.note(caller, operation, parameters, refusal.status)
            raise
        scope["a22.operation"] = operation
        forward = partial(self.forward, operation, caller, parameters, scope)
        narrowed = partial(self._standing.narrowed, asked, caller, operation)
        is_reading = operation.method == "GET"
        watch = Watch(self._revocations, caller, receive, send, is_reading=is_reading, narrowed=narrowed)
        if not is_long(scope):
            await watch.run(forward, is_long=False)
            return
        with self._limits.at_once(operation, caller, _address(scope), is_export=scope["a22.form"] is not None):
            await watch.run(forward, is_long=True)

    async def _caller(self, scope: Scope, segments: list[str], told: list[tuple[bytes, bytes]]) -> Caller:
        address = _address(scope)
        if segments[1:2] == ["public"]:
            caller = PUBLIC
        else:
            try:
                caller = await self.issuers.caller(scope["headers"])
            except (Unauthorized, Forbidden):
                self._limits.failed(address)
                raise
        left, policy = self._limits.take(caller, address)
        told += [(b"ratelimit", left), (b"ratelimit-policy", policy)]
        return caller

    async def _explained(self, without: NoAccess, method: str, path: str) -> AppError:
        """Give what a login without access hears: why, where it asks about itself, and the one 403 everywhere else.

        Whose access was ended hears no reason, but 401.
        """
        operation, _, _ = self.index.find(method, path)
        if operation is None or operation.operation not in ABOUT_ONESELF:
            return without
        # whoever is of no class asks at any door; nobody hears of the door of another class
        if without.login.audience_class not in ("", operation.audience):
            return without
        await self._revocations.judge_soon(without.login)
        return without.told()

    async def forward(
        self,
        operation: Operation,
        caller: Caller,
        parameters: Mapping[str, str],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Send one judged request to its service, with the path rebuilt from matched parameters."""
        query = checked_query(operation, scope["query_string"])
        path = operation.path.format(**parameters)
        most = self.settings.limits.bulk_body_bytes if operation.bulk else self.settings.limits.json_body_bytes
        upstream = self._upstreams[operation.service]
        await upstream.call(
            operation, caller, path=path, query=query, scope=scope, receive=_bounded(scope, receive, most), send=send
        )

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            for app in self._lifespans:
                await stack.enter_async_context(app.router.lifespan_context(app))
            for upstream in self._upstreams.values():
                stack.push_async_callback(upstream.close)
            stack.push_async_callback(self.issuers.close)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            # first everything that runs by itself, in all services: no feed is asked after its database is closed
            await asyncio.gather(*(app.state.a22.quiesce() for app in self._lifespans))
        await send({"type": "lifespan.shutdown.complete"})


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else "-"


def _checked_path(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    if (
        len(raw) > 2048
        or not _PATH.fullmatch(raw)
        or (b"/." in raw and any(part in (b".", b"..") for part in raw.split(b"/")))
    ):
        raise BadRequest("the path has characters that no path of ours has", code="malformed_path")
    return raw.decode("ascii")


def _bounded(scope: Scope, receive: Receive, most: int) -> Receive:
    """Refuse a body that is too long, announced or not."""
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if not announced.isdigit() or int(announced) > most:
        raise TooLarge(f"at most {most} bytes")
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooLarge(f"at most {most} bytes")
        return message

    return counted


def _tell(scope: Scope, trace: Trace, seconds: float) -> None:
    """Leave one line and one span about a request, where they are wanted; what services ask each other all the time leaves none."""
    operation = scope.get("a22.operation")
    if operation is not None and operation.audience == "service":
        return
    told = telemetry.about(operation, scope.get("a22.status"))
    requests.info("request", extra={"told": {**told, "duration_ms": round(seconds * 1000, 1)}})
    telemetry.tell(trace, told, seconds=seconds)

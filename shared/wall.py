"""The second wall: a service judges caller, audience and scope itself, before FastAPI parses anything.

A caller handed over in process stands in the ASGI scope, where no request from outside can put one; any other request
that is not for the public part needs the gateway's token for this very operation, of somebody whose access has not ended.
"""

import time
from collections.abc import Iterable, Mapping
from functools import partial
from uuid import uuid4

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import access, telemetry
from shared.access import UUID_PATTERN, OperationIndex
from shared.answers import answered
from shared.caller import PUBLIC, Caller
from shared.claims import caller_from
from shared.errors import AppError, MethodNotAllowed, NotFound, Unauthorized, send_problem
from shared.identity import TokenProfile
from shared.logs import REQUEST, Concerned
from shared.refusals import Refusals
from shared.revocations.copies import Revocations
from shared.revocations.watching import Watch, is_long
from shared.traces import begun


class Chosen(BaseRoute):
    """Hands a request to the route that the wall has already chosen."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match what carries a chosen route."""
        route = scope.get("a22.route")
        if route is None:
            return Match.NONE, {}
        return Match.FULL, {"endpoint": route.endpoint, "path_params": scope["a22.parameters"], "route": route}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the chosen route."""
        await scope["a22.route"].handle(scope, receive, send)


class Wall:
    """The second wall: verifies the caller itself, finds the operation, judges audience and scope; then FastAPI."""

    def __init__(
        self,
        app: ASGIApp,
        index: OperationIndex,
        routes: Mapping[str, APIRoute],
        tokens: TokenProfile | None,
        revocations: Revocations,
        refusals: Refusals | None = None,
    ) -> None:
        """Stand in front of `app`; without `tokens`, only a caller handed over in process is taken."""
        self.app = app
        self._refusals = refusals
        self._index = index
        self._routes = routes
        self._tokens = tokens
        self._revocations = revocations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI request, or let it through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _concerned(scope)
        try:
            if scope["path"] not in ("/livez", "/readyz") and await self._judge(scope):
                # by a token: who is handed over in process is watched by the gateway, with the same copy of the list
                watch = Watch(
                    self._revocations, scope["a22.caller"], receive, send, is_reading=scope["method"] == "GET"
                )
                await watch.run(partial(self._answer, scope), is_long=is_long(scope))
                return
        except AppError as error:
            self._note(scope, error.status)
            await send_problem(send, error, request_id)
            return
        await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        plain = getattr(scope.get("a22.route"), "plain", None)
        if plain is None:
            await self.app(scope, receive, self._noticing(scope, send))
            return
        # a plain route needs nothing of the framework's own layers; its errors become the same problems
        request = Request(scope, receive)
        try:
            response: Response = await plain(request)
        except Exception as error:  # noqa: BLE001 - every error is a problem document
            response = answered(request, error)
        self._note(scope, response.status_code)
        await response(scope, receive, send)

    def _note(self, scope: Scope, status: int) -> None:
        """Note how an operation was answered, for the journal of refused attempts and, in a process of its own, for its span."""
        operation = scope.get("a22.operation")
        if self._refusals is not None and operation is not None:
            self._refusals.note(scope["a22.caller"], operation, scope["a22.parameters"], status)
        began, concerned = scope.get("a22.began"), REQUEST.get()
        if began is not None and concerned is not None and telemetry.is_on():
            seconds = time.perf_counter() - began
            telemetry.tell(concerned.trace, telemetry.about(operation, status), seconds=seconds)

    def _noticing(self, scope: Scope, send: Send) -> Send:
        async def noticing(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(scope, message["status"])
            await send(message)

        return noticing

    async def _judge(self, scope: Scope) -> bool:
        """Judge a request; tells whether it came with a token."""
        headers = dict(scope["headers"])
        segments = scope["path"].strip("/").split("/")
        handed_over = scope.get("a22.caller")
        if segments[:2] == ["v1", "public"]:
            caller, named = PUBLIC, None
        elif handed_over is not None:
            caller, named = handed_over, None
        else:
            caller, named = self._from_token(scope["headers"])
            await self._revocations.judge_soon(caller)
        operation, parameters, methods = self._index.find(scope["method"], scope["path"])
        if operation is None:
            refusal = access.refuse_path(caller.audience_class, segments)
            raise MethodNotAllowed(methods) if methods and isinstance(refusal, NotFound) else refusal
        if named is not None and named != operation.key:
            raise Unauthorized
        scope["a22.caller"], scope["a22.operation"] = caller, operation
        scope["a22.route"], scope["a22.parameters"] = self._routes[operation.key], parameters
        scope["a22.form"] = access.judge(operation, caller, headers)
        scope["path_params"] = parameters
        return named is not None

    def _from_token(self, headers: Iterable[tuple[bytes, bytes]]) -> tuple[Caller, str]:
        given = [value for name, value in headers if name == b"authorization"]
        if self._tokens is None or len(given) != 1 or not given[0].startswith(b"Bearer "):
            raise Unauthorized
        claims = self._tokens.claims(given[0][7:].decode("latin-1"))
        operation = claims.get("op")
        if not isinstance(operation, str):
            # only a token that is good for one operation is good for any
            raise Unauthorized
        return caller_from(claims), operation


def _concerned(scope: Scope) -> str:
    """Give the id of the request: handed over in process, or told by the gateway; what comes from elsewhere is made anew."""
    if "a22.request_id" not in scope:
        told = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        scope["a22.request_id"] = told if UUID_PATTERN.fullmatch(told) else str(uuid4())
        scope["a22.began"] = time.perf_counter()
        REQUEST.set(Concerned(scope["a22.request_id"], begun(scope["headers"])))
    request_id: str = scope["a22.request_id"]
    return request_id

"""What every answer carries beside its own: security headers, the trace, and what a browser of a known front end may do."""

from collections.abc import Iterable

from starlette.types import Message, Scope, Send

from gateway.upstreams import ANSWER_HEADERS
from shared.openapi import API_VERSION
from shared.settings import Settings
from shared.traces import Trace

Headers = list[tuple[bytes, bytes]]

_ALWAYS = (
    (b"api-version", API_VERSION.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
_NOT_KEPT = (b"cache-control", b"no-store")
#: For answers that are no pages: should a browser ever show one, it runs and frames nothing.
_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_VARYING = (b"vary", b"Origin")

#: What a front end may send and read across origins. No cookie is ever taken, so credentials are never allowed.
_MAY_SEND = "Authorization, Content-Type, Accept, Accept-Language, Idempotency-Key, If-Match, If-None-Match, X-Access-Purpose, traceparent"
_MAY_READ = (
    "API-Version, Content-Disposition, ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, traceparent, "
    "WWW-Authenticate, X-Request-Id"
)
_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
    (b"access-control-allow-headers", _MAY_SEND.encode()),
    (b"access-control-max-age", b"600"),
)


class Edge:
    """Adds to every answer what stands in the settings; nothing of it depends on what was asked for."""

    def __init__(self, settings: Settings) -> None:
        """Take base URL and origins from the settings, never from a request."""
        self._origins = frozenset(origin.encode() for origin in settings.cors_origins)
        self._always = (*_ALWAYS, *((_TRANSPORT,) if settings.base_url.startswith("https://") else ()))

    def told(self, scope: Scope, request_id: str, trace: Trace) -> Headers:
        """Give the headers that the answer to this request has in any case."""
        told = [*self._always, (b"x-request-id", request_id.encode()), (b"traceparent", trace.header().encode())]
        if self._origins:
            told.append(_VARYING)
            origin = self._allowed(scope["headers"])
            if origin is not None:
                told += [
                    (b"access-control-allow-origin", origin),
                    (b"access-control-expose-headers", _MAY_READ.encode()),
                ]
        return told

    def _allowed(self, headers: Iterable[tuple[bytes, bytes]]) -> bytes | None:
        sent = [value for name, value in headers if name == b"origin"]
        return sent[0] if len(sent) == 1 and sent[0] in self._origins else None

    def is_preflight(self, scope: Scope) -> bool:
        """Tell whether a browser asks what it may do; where no origin is set there is nothing to ask."""
        if scope["method"] != "OPTIONS" or not self._origins:
            return False
        names = {name for name, _value in scope["headers"]}
        return {b"origin", b"access-control-request-method"} <= names

    async def answer_preflight(self, scope: Scope, send: Send) -> None:
        """Answer without a token and without a look at the path: the same for what exists and what does not."""
        headers = list(_PREFLIGHT) if self._allowed(scope["headers"]) is not None else []
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def outward(scope: Scope, send: Send, told: Headers, *, is_preflight: bool = False) -> Send:
    """Let only known headers out, and add those that every answer has; what is not public is never kept."""
    is_open = _is_open(scope["path"])

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            scope["a22.status"] = message["status"]
            message = {**message, "headers": _kept(message["headers"], told, is_open=is_open, all_of_it=is_preflight)}
        await send(message)

    return sending


def _kept(headers: Iterable[tuple[bytes, bytes]], told: Headers, *, is_open: bool, all_of_it: bool) -> Headers:
    kept, names = [], set()
    for pair in headers:
        name = pair[0].lower()
        names.add(name)
        if all_of_it or name in ANSWER_HEADERS or name == _POLICY[0]:
            kept.append(pair)
    if not is_open and _NOT_KEPT[0] not in names:
        kept.append(_NOT_KEPT)
    if _POLICY[0] not in names:
        kept.append(_POLICY)
    kept += told
    return kept


def _is_open(path: str) -> bool:
    """Tell whether an answer may be kept: what is public, and what lies outside the API."""
    return not path.startswith("/v1/") or path.startswith("/v1/public/")

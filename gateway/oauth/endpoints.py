"""The pages under /oauth and what describes them: a machine's token, and its end by the machine itself (RFC 6749, 7009)."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from gateway.limits import RateLimits
from gateway.oauth import forms, metadata
from gateway.oauth.access import Access, Proven
from gateway.oauth.refusals import (
    NOT_KEPT,
    InvalidClient,
    InvalidRequest,
    OAuthRefused,
    ServerError,
    SlowDown,
    TemporarilyUnavailable,
    UnauthorizedClient,
    UnsupportedGrantType,
    as_refusal,
)
from gateway.signing import LONGEST_LIFE_SECONDS, Keyring
from gateway.tokens import machine_profile
from shared.answers import traced
from shared.caller import PUBLIC
from shared.errors import AppError, TooManyRequests, Unauthorized
from shared.journal import Event
from shared.settings import Settings

log = logging.getLogger("a22.oauth")

Handler = Callable[[Request], Awaitable[Response]]
GRANT = "client_credentials"
#: How a token is carried (RFC 6750).
BEARER = "Bearer"


class MachineDoor:
    """The handlers of what machines ask before they call the API."""

    def __init__(
        self, settings: Settings, access: Access, keyring: Keyring, limits: RateLimits, issuers: Iterable[str] = ()
    ) -> None:
        """Take the judge, the signing keys, the limits that the gateway counts too, and the other trusted issuers."""
        self._settings = settings
        self._access = access
        self._keyring = keyring
        self._profile = machine_profile(settings, keyring)
        self._limits = limits
        self._issuers = tuple(issuers)

    def routes(self) -> list[BaseRoute]:
        """Give the routes, each for every method: what is wrong under /oauth is told as OAuth tells it."""
        return [
            Route(metadata.TOKEN_PATH, _AnswersAsOAuth(self.token, self._limits)),
            Route(metadata.REVOCATION_PATH, _AnswersAsOAuth(self.revoke, self._limits)),
            Route(metadata.KEYS_PATH, self.keys),
            Route(metadata.SERVER_PATH, self.authorization_server),
            Route(metadata.RESOURCE_PATH, self.protected_resource),
        ]

    async def token(self, request: Request) -> Response:
        """Give a token of at most five minutes to a client that proves itself (RFC 6749 §4.4, RFC 7523 §2.2)."""
        form = await forms.read(request)
        if "grant_type" not in form:
            raise InvalidRequest("grant_type is missing")
        if form["grant_type"] != GRANT:
            raise UnsupportedGrantType
        proven = await self._access.proven(form)
        try:
            scopes = await self._access.scopes(proven, form.get("scope"), request.scope["a22.request_id"])
            claims = self._access.claims(proven, scopes)
            self._access.require_open(claims)
        except TemporarilyUnavailable:
            # nothing was decided: the same proof may be shown again
            raise
        except OAuthRefused as refusal:
            told = {"error": refusal.code}
            await self._access.use_up(proven, Event("gateway.token.refused", proven.client_id, told, leaves=False))
            raise
        told = {"token_id": claims["jti"], "kid": proven.assertion.kid}
        await self._access.use_up(proven, Event("gateway.token.issued", proven.client_id, told, leaves=False))
        return JSONResponse(
            {
                "access_token": self._keyring.sign(claims),
                "token_type": BEARER,
                "expires_in": LONGEST_LIFE_SECONDS,
                "scope": claims["scope"],
            },
            headers=NOT_KEPT,
        )

    async def revoke(self, request: Request) -> Response:
        """End a token before its time, for the client that it was given to (RFC 7009); one that is no token answers alike."""
        form = await forms.read(request)
        if "token" not in form:
            raise InvalidRequest("token is missing")
        proven = await self._access.proven(form)
        token_id = await self._own_token(form["token"], proven)
        if token_id is not None:
            self._limits.ending(str(proven.client_id))
        event = Event("gateway.token.ended", proven.client_id, {"token_id": token_id}, leaves=False)
        await self._access.use_up(proven, event, ending=token_id)
        return Response(headers=NOT_KEPT)

    async def _own_token(self, token: str, proven: Proven) -> str | None:
        """Give the id of a token of this client; None when there is nothing to end, UnauthorizedClient for another's."""
        try:
            claims = self._profile.claims(token)
        except Unauthorized:
            # unknown, ended or of another issuer: the client's wish is fulfilled (RFC 7009 §2.2)
            return None
        if claims["sub"] == str(proven.client_id):
            return str(claims["jti"])
        refusal = UnauthorizedClient("this token was given to another client")
        event = Event("gateway.token.not_ended", proven.client_id, {"error": refusal.code}, leaves=False)
        await self._access.use_up(proven, event)
        raise refusal

    async def keys(self, _request: Request) -> Response:
        """Show the keys that verify our machine tokens."""
        return JSONResponse({"keys": [key.as_jwk() for key in self._keyring.publics()]})

    async def authorization_server(self, _request: Request) -> Response:
        """Show where and how machines get tokens."""
        return JSONResponse(metadata.authorization_server(self._settings))

    async def protected_resource(self, _request: Request) -> Response:
        """Show whose tokens the API takes."""
        return JSONResponse(metadata.protected_resource(self._settings, self._issuers))


class _AnswersAsOAuth:
    """Wraps a handler: POST alone, limits by address first, and every refusal as an OAuth error body."""

    def __init__(self, handler: Handler, limits: RateLimits) -> None:
        self._handler = handler
        self._limits = limits

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        answer = await self._answered(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        address = request.client.host if request.client else "-"
        try:
            self._limits.take(PUBLIC, address)
            if request.method != "POST":
                raise MethodRefused
            return await self._handler(request)
        except InvalidClient as refusal:
            try:
                self._limits.failed(address)
            except TooManyRequests as error:
                return SlowDown(error).answer()
            return refusal.answer()
        except OAuthRefused as refusal:
            return refusal.answer()
        except AppError as error:
            return as_refusal(error).answer()
        except Exception as error:  # noqa: BLE001 - the last wall under /oauth: nothing but an OAuth error body leaves
            log.error("request %s failed: %s", request.scope["a22.request_id"], traced(error))
            return ServerError().answer()


class MethodRefused(InvalidRequest):
    """Another method than POST."""

    status = 405

    def __init__(self) -> None:
        """Say which one there is."""
        super().__init__("send a POST", headers={"Allow": "POST"})

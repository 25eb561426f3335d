"""What lies outside /v1: health, discovery, documents, their pages without a foreign host, and the development issuer."""

import html
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import fastapi_offline
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import Receive, Scope, Send

from gateway import access_page, documents
from gateway.development import DevelopmentIssuer
from shared.errors import AppError, BadRequest, NotFound
from shared.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_ASSETS = Path(fastapi_offline.__file__).parent / "static"
_SCRIPT = (
    "window.ui = SwaggerUIBundle({url: document.body.dataset.document, dom_id: '#swagger-ui', deepLinking: true});"
)
_KINDS = {".js": "text/javascript", ".css": "text/css"}


class Pages:
    """The handlers of what lies outside /v1."""

    def __init__(
        self,
        settings: Settings,
        *,
        machines: Sequence[BaseRoute],
        issuer: DevelopmentIssuer | None,
        is_ready: Callable[[], Awaitable[None]],
    ) -> None:
        """Take the routes for machines, the development issuer if there is one, and the test of readiness."""
        self._settings = settings
        self._machines = machines
        self._issuer = issuer
        self._is_ready = is_ready
        self._access: bytes | None = None

    def app(self) -> Router:
        """Build the app."""
        routes = [
            Route("/livez", self.livez),
            Route("/readyz", self.readyz),
            *self._machines,
            Route("/openapi/{name}", self.document),
            Route("/docs/access", self.access),
            Route("/docs/{audience}", self.docs),
            Route("/docs/assets/{name}", self.asset),
            Route("/problems/{slug}", self.problem),
        ]
        if self._issuer is not None:
            routes += [
                Route("/development/jwks.json", self.development_jwks),
                Route("/development/tokens", self.development_token, methods=["POST"]),
            ]
        return Router(routes=routes, default=_nothing, redirect_slashes=False)

    async def livez(self, _request: Request) -> Response:
        """Say that the process runs."""
        return JSONResponse({"status": "alive"})

    async def readyz(self, _request: Request) -> Response:
        """Say that every service answers."""
        await self._is_ready()
        return JSONResponse({"status": "ready"})

    async def development_jwks(self, _request: Request) -> Response:
        """Show the key of the development issuer."""
        return JSONResponse({"keys": [self._issued().key.public.as_jwk()]})

    async def development_token(self, request: Request) -> Response:
        """Give a token to a persona."""
        try:
            asked = json.loads(await request.body())
            name, step_up = str(asked["persona"]), bool(asked.get("step_up", False))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadRequest('send {"persona": "…", "step_up": false}') from None
        return JSONResponse(
            {"token": self._issued().token(name, step_up=step_up)}, headers={"Cache-Control": "no-store"}
        )

    def _issued(self) -> DevelopmentIssuer:
        if self._issuer is None:
            raise NotFound
        return self._issuer

    async def document(self, request: Request) -> Response:
        """Give the committed document of an audience."""
        name = request.path_params["name"].removesuffix(".json")
        if name not in documents.AUDIENCES:
            raise NotFound
        return Response((documents.FOLDER / f"{name}.json").read_bytes(), media_type="application/json")

    async def docs(self, request: Request) -> Response:
        """Show an audience's document in Swagger UI, from this host alone."""
        audience = request.path_params["audience"]
        if audience not in documents.AUDIENCES:
            raise NotFound
        body = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Article 22: {html.escape(audience)}</title>'
            '<link rel="stylesheet" href="/docs/assets/swagger-ui.css"></head>'
            f'<body data-document="/openapi/{html.escape(audience)}.json"><div id="swagger-ui"></div>'
            '<script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/assets/start.js"></script></body></html>'
        )
        return Response(body, media_type="text/html", headers={"Content-Security-Policy": POLICY})

    async def access(self, _request: Request) -> Response:
        """Say in sentences who may do what."""
        if self._access is None:
            rows = access_page.operations(with_development=not self._settings.is_production)
            self._access = access_page.page(rows).encode()
        return Response(self._access, media_type="text/html", headers={"Content-Security-Policy": access_page.POLICY})

    async def asset(self, request: Request) -> Response:
        """Give a file of Swagger UI."""
        name = request.path_params["name"]
        if name == "start.js":
            return Response(_SCRIPT, media_type="text/javascript")
        if name not in ("swagger-ui.css", "swagger-ui-bundle.js"):
            raise NotFound
        return Response((_ASSETS / name).read_bytes(), media_type=_KINDS[Path(name).suffix])

    async def problem(self, request: Request) -> Response:
        """Explain a kind of problem."""
        known = {cls.code.replace("_", "-"): cls for cls in _every(AppError)}
        kind = known.get(request.path_params["slug"])
        explained = (kind.__doc__ or "").strip() if kind else "See the detail of the problem document."
        return JSONResponse({"status": kind.status if kind else None, "explanation": explained})


def _every(kind: type[AppError]) -> list[type[AppError]]:
    return [each for sub in kind.__subclasses__() for each in (sub, *_every(sub))]


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise NotFound

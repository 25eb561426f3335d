"""The kind of route that every feature has: its own media type and strict JSON, judged before the framework sees a body."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from shared.errors import UnsupportedMediaType
from shared.plain import plain_handler, streamed_row
from shared.schemas import check_json

BULK_MEDIA_TYPE = "application/jsonl"


class _Raw(Request):
    """A request whose JSON stays bytes, for pydantic's own parser."""

    async def json(self) -> bytes:
        """Give the body as it came."""
        return await self.body()


class Route(APIRoute):
    """A route that takes only its own media type and strict JSON; `plain` runs it without the framework's layers."""

    plain: Callable[[Request], Coroutine[Any, Any, Response]] | None = None

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Check the body before FastAPI sees it."""
        plain = plain_handler(self.dependant)
        handle = plain or super().get_route_handler()
        is_streamed = self.body_field is not None and streamed_row(self.body_field) is not None
        expected = getattr(self.body_field.field_info, "media_type", None) if self.body_field else None

        async def checked(outer: Request) -> Response:
            request = _Raw(outer.scope, outer.receive)
            if expected:
                if request.headers.get("content-type", "").split(";")[0].strip().lower() != expected:
                    raise UnsupportedMediaType(f"send {expected}")
                body = b"" if is_streamed else await request.body()
                request.scope["a22.body"] = body
                if expected != BULK_MEDIA_TYPE:
                    check_json(body)
            return await handle(request)

        self.plain = checked if plain else None
        return checked

"""The route of open data: public."""

import asyncio

from starlette.responses import Response

from gateway.own.work import Own
from shared.app import audience_router
from shared.http import JSON, etag_of
from shared.schemas import Shown

public = audience_router("public", "open-data")
ROUTERS = (public,)

_SETS = {
    "places": "The places of deprivation of liberty that are or were in use.",
    "reports": "The published reports.",
    "recommendations": "The published recommendations with their state.",
}


class OpenDataSet(Shown):
    """One set of open data."""

    name: str
    about: str
    count: int
    """How many records, counted up to 10,000."""
    address: str
    """Where to page through it."""


class OpenData(Shown):
    """What the NPM publishes as open data."""

    licence: str
    sets: list[OpenDataSet]


@public.get("", response_model=OpenData)
async def show_open_data(work: Own) -> Response:
    """Show what may be taken as open data, and how much of it there is. Numbers about complaints are not part of it."""
    pages = await asyncio.gather(*(work.read(f"list_{name}", limit=1, count="exact") for name in _SETS))
    base = work.state.settings.base_url
    sets = [
        OpenDataSet(name=name, about=about, count=page["count"], address=f"{base}/v1/public/{name}")
        for (name, about), page in zip(_SETS.items(), pages, strict=True)
    ]
    body = OpenData(licence="CC-BY-4.0", sets=sets).model_dump_json().encode()
    return Response(body, headers={"ETag": etag_of(body), "Cache-Control": "public, max-age=60"}, media_type=JSON)

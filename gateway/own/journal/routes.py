"""The route of the journal: npm."""

import json
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import Response

from gateway.own.journal import usecases
from gateway.own.work import Own
from shared.app import audience_router, query_of
from shared.audit.schemas import JournalFilters, JournalPage
from shared.http import JSON

npm = audience_router("npm", "journal")
ROUTERS = (npm,)


@npm.get("", response_model=JournalPage)
async def list_journal(work: Own, request: Request, filters: Annotated[JournalFilters, Query()]) -> Response:
    """List who did, read or was refused what, in the journals of all services, the newest first.

    `kind=refusal` gives refused attempts and runs of them, `reveal` and `restricted_read` who asked for what is restricted
    and for which purpose, `export` what was taken out. A row tells who, what, when and coded facts, never what anybody told.
    To the data protection officer complaints go by pseudonyms: the same one in every row of a case, and a filter like an id.

    Each page that is read leaves a row of its own. A row appears within about a second of the act, and takes the place of
    the instant of the act; who asks again and again should ask for the last minute anew. While a service is away there is
    no page at all (503). Whether the chain is whole tells `./a22 verify --journal`.
    """
    page = await usecases.matching(work, request.scope["a22.operation"], filters)
    told: dict[str, Any] = {"items": page.items, "next_cursor": page.next_cursor}
    headers = {"Cache-Control": "no-store"}
    if page.count is not None:
        told["count"] = page.count
    if page.next_cursor:
        kept = [(name, value) for name, value in query_of(request) if name != "cursor"]
        address = work.state.settings.base_url + request.scope["path"]
        headers["Link"] = f'<{address}?{urlencode([*kept, ("cursor", page.next_cursor)])}>; rel="next"'
    return Response(json.dumps(told), headers=headers, media_type=JSON)

"""What a route works with: one parameter for transaction and caller, and the answers with their headers.

Looks nothing up and decides nothing; it is where a use case meets HTTP.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from shared.access import Operation
from shared.app import ServiceState, query_of
from shared.caller import Caller
from shared.db import Work
from shared.errors import BadRequest, PreconditionFailed
from shared.exports.answer import export
from shared.idempotency import repetition
from shared.paging import Page, next_link
from shared.purposes import purpose_of

JSON = "application/json"


async def open_work(request: Request) -> AsyncIterator[Work]:
    """Open the transaction of a request under the caller's role; it commits before the answer leaves."""
    state: ServiceState = request.app.state.a22
    caller: Caller = request.scope["a22.caller"]
    operation = request.scope["a22.operation"]
    async with state.database.work(caller, operation, writing=request.method != "GET") as work:
        work.state, work.table = state, state.table
        work.url = state.settings.base_url + request.scope["path"]
        work.purpose = purpose_of(request.headers.get("x-access-purpose", ""))
        work.form = request.scope["a22.form"]
        work.if_none_match = request.headers.get("if-none-match", "")
        if request.method != "GET":
            await _note_repetition(request, work)
        yield work


def _key(request: Request, caller: Caller) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is None and caller.is_machine and request.method == "POST" and caller.audience_class != "service":
        raise BadRequest("machine clients send an Idempotency-Key", code="idempotency_key_required")
    return key


async def _note_repetition(request: Request, work: Work) -> None:
    key = _key(request, work.caller)
    if key is None:
        return
    work.repetition = repetition(
        key=key,
        subject=work.caller.subject,
        method=request.method,
        path=request.scope["path"],
        digest=request.scope.get("a22.body_digest") or hashlib.sha256(await request.body()).digest(),
    )


class Batches:
    """The transactions of a body that is too long for one: each batch is kept as a whole or not at all.

    No connection is held while the client sends, so a slow one keeps nobody waiting.
    """

    def __init__(self, state: ServiceState, caller: Caller, operation: Operation) -> None:
        """Open transactions for one caller and one operation."""
        self.state = state
        self._caller, self._operation = caller, operation

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Open the transaction of the next batch; it commits when the block ends."""
        async with self.state.database.work(self._caller, self._operation) as work:
            work.state, work.table = self.state, self.state.table
            yield work


async def open_batches(request: Request) -> AsyncIterator[Batches]:
    """Let a request work batch by batch; its rows have ids of their own, so its key is asked for and not kept."""
    caller: Caller = request.scope["a22.caller"]
    _key(request, caller)
    yield Batches(request.app.state.a22, caller, request.scope["a22.operation"])


# Commit before answering: never a 201 for a row that was not kept.
# One name for each audience, so that a reader sees whose route it is; class and scope are judged by the wall, not here.
NpmWork = Annotated[Work, Depends(open_work, scope="function")]
ExpertWork = Annotated[Work, Depends(open_work, scope="function")]
AuthorityWork = Annotated[Work, Depends(open_work, scope="function")]
PartnerWork = Annotated[Work, Depends(open_work, scope="function")]
PartnerBatches = Annotated[Batches, Depends(open_batches, scope="function")]
PublicWork = Annotated[Work, Depends(open_work, scope="function")]
ServiceWork = Annotated[Work, Depends(open_work, scope="function")]


def etag_of(body: bytes) -> str:
    """Give the ETag of an audience's own view."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def expect(if_match: str, body: bytes) -> None:
    """Refuse a change that was meant for another version; PreconditionFailed."""
    if etag_of(body) not in [each.strip() for each in if_match.split(",")]:
        raise PreconditionFailed


def one(work: Work, body: bytes) -> Response:
    """Answer with one thing; 304 when the caller has this version."""
    tag = etag_of(body)
    headers = {"ETag": tag, "Cache-Control": _caching(work)}
    if tag in [each.strip() for each in work.if_none_match.split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=JSON)


def created(work: Work, body: bytes, location: str) -> Response:
    """Answer 201 with the new thing and where it is (a path under /v1)."""
    headers = {"ETag": etag_of(body), "Location": work.state.settings.base_url + location, "Cache-Control": "no-store"}
    if work.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Response(body, 201, headers=headers, media_type=JSON)


def page(work: Work, request: Request, shown: Page) -> Response:
    """Answer with one page of a list and the link to the next; or begin an export, which is journaled before its first byte."""
    if shown.whole is not None:
        return export(work, request, shown)
    headers = {"Cache-Control": _caching(work), **_varying(work)}
    if shown.next_cursor:
        headers["Link"] = next_link(work, query_of(request), shown.next_cursor)
    return Response(shown.body, headers=headers, media_type=JSON)


def _varying(work: Work) -> dict[str, str]:
    return {"Vary": "Accept"} if work.operation is not None and work.operation.export else {}


def _caching(work: Work) -> str:
    return "public, max-age=60" if work.caller.audience_class == "public" else "no-store"

"""The routes of memoranda: npm and partner. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.stakeholders.mous import queries, usecases
from services.stakeholders.mous.schemas import (
    Memorandum,
    MouCreate,
    MouFilters,
    MouImportRow,
    MouPage,
    MouStanding,
    MouStandingQuestion,
    MouTransition,
    MouUpdate,
    PartnerMou,
)
from shared.app import audience_router
from shared.http import JSON, NpmWork, PartnerWork, ServiceWork, created, one, page
from shared.imports.kinds import ImportKind
from shared.imports.routes import mount
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "mous")
partner = audience_router("partner", "mou")
service = audience_router("service", "mou-standing")
ROUTERS = (npm, partner, service)
IMPORT = ImportKind(
    name="mous",
    operation="import_mous",
    row=MouImportRow,
    take=usecases.import_mous,
    about="Import memoranda that were before this system. One that is known is left as it is.",
)
mount(npm, IMPORT)


@npm.get("", response_model=MouPage)
async def list_mous(work: NpmWork, request: Request, filters: Filtered[MouFilters]) -> Response:
    """List memoranda of understanding."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=Memorandum)
async def draft_mou(work: NpmWork, new: Json[MouCreate]) -> Response:
    """Draft a memorandum with a partner."""
    mou_id = await work.once(usecases.draft_mou, new)
    return created(work, await queries.in_full(work, mou_id), f"/v1/npm/mous/{mou_id}")


@npm.get("/{mou_id}", response_model=Memorandum)
async def get_mou(work: NpmWork, mou_id: UUID) -> Response:
    """Read a memorandum with its text and the check of its independence."""
    return one(work, await queries.in_full(work, mou_id))


@npm.patch("/{mou_id}", response_model=Memorandum)
async def update_mou(work: NpmWork, mou_id: UUID, if_match: IfMatch, changes: MergePatch[MouUpdate]) -> Response:
    """Change a draft."""
    await usecases.update_mou(work, mou_id, if_match, changes)
    return one(work, await queries.in_full(work, mou_id))


@npm.post("/{mou_id}/transitions", response_model=Memorandum)
async def transition_mou(work: NpmWork, mou_id: UUID, if_match: IfMatch, order: Json[MouTransition]) -> Response:
    """Submit, return, clear, revise, sign, review, renew, suspend, resume, terminate or drop.

    What is missing for the act answers 409 with the gaps in `errors`.
    """
    await work.once(usecases.transition_mou, mou_id, if_match, order)
    return one(work, await queries.in_full(work, mou_id))


@partner.get("", response_model=PartnerMou, name="get_mou")
async def get_own_mou(work: PartnerWork) -> Response:
    """Read the memorandum between your organisation and the NPM, as signed."""
    return one(work, await queries.own(work))


@service.get("", response_model=MouStanding)
async def read_mou_standing(work: ServiceWork, question: Filtered[MouStandingQuestion]) -> Response:
    """Say whether a memorandum with a partner is in force today: without one a partner's system gets no token."""
    return Response(await queries.standing(work, question.mou_id, question.partner_id), media_type=JSON)

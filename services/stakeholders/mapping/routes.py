"""The routes of the stakeholder map: npm. Parse, one use case, shape."""

import asyncio
from uuid import UUID

from starlette.responses import Response

from services.stakeholders import charts
from services.stakeholders.mapping import usecases
from services.stakeholders.mapping.schemas import AuthorityMapping, AuthorityMappingUpdate, MappingMatrix, MatrixChart
from shared.app import audience_router
from shared.http import NpmWork, etag_of, one
from shared.schemas import IfMatch, MergePatch

npm = audience_router("npm", "mapping")
authorities = audience_router("npm", "authorities")
ROUTERS = (npm, authorities)

SVG = "image/svg+xml"


@npm.get("/matrix", response_model=MappingMatrix)
async def get_mapping_matrix(work: NpmWork) -> Response:
    """Read the map: where each assessed institution stands between influence and openness."""
    return one(work, await usecases.matrix(work))


@npm.get("/matrix/chart", response_model=MatrixChart)
async def get_mapping_chart(work: NpmWork) -> Response:
    """Read the map as a Vega-Lite chart, for a front end to draw."""
    return one(work, MatrixChart(vega_lite=await usecases.chart(work)).model_dump_json().encode())


@npm.get(
    "/matrix/picture",
    response_class=Response,
    responses={200: {"description": "The map.", "content": {SVG: {"schema": {"type": "string"}}}}},
)
async def get_mapping_picture(work: NpmWork) -> Response:
    """Read the map as a picture (SVG)."""
    chart = await usecases.chart(work)
    drawn = await asyncio.to_thread(charts.picture, chart)
    return Response(drawn, headers={"ETag": etag_of(drawn), "Cache-Control": "no-store"}, media_type=SVG)


@authorities.get("/{authority_id}/mapping", response_model=AuthorityMapping)
async def get_authority_mapping(work: NpmWork, authority_id: UUID) -> Response:
    """Read how the NPM finds an institution."""
    return one(work, await usecases.in_full(work, authority_id))


@authorities.patch("/{authority_id}/mapping", response_model=AuthorityMapping)
async def update_authority_mapping(
    work: NpmWork, authority_id: UUID, if_match: IfMatch, changes: MergePatch[AuthorityMappingUpdate]
) -> Response:
    """Assess an institution: influence, openness, attitude, strategy."""
    await usecases.update_mapping(work, authority_id, if_match, changes)
    return one(work, await usecases.in_full(work, authority_id))

"""The routes of the directory of institutions: npm. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.stakeholders.authorities import queries, usecases
from services.stakeholders.authorities.schemas import (
    Authority,
    AuthorityCreate,
    AuthorityFilters,
    AuthorityImportRow,
    AuthorityPage,
    AuthorityUpdate,
    DepartmentCreate,
    DepartmentFilters,
)
from services.stakeholders.directory_imports import usecases as directory_imports
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.imports.kinds import ImportKind
from shared.imports.routes import mount
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "authorities")
ROUTERS = (npm,)
_ABOUT = """Import the rows of a list of institutions.

A body that another source has too is recognised by name and website together; where only one of them agrees, the row
waits for a decision (`authority-matches`). Where sources differ, the one of the lowest `rank` holds, whichever came
first. Parents are row ids of the same source and may come in any order; a circle is reported at the row that closes
it, and the row is taken without that parent."""
IMPORT = ImportKind(
    name="authorities",
    operation="import_authorities",
    row=AuthorityImportRow,
    take=directory_imports.import_authorities,
    takes_whole=True,
    about=_ABOUT,
)
mount(npm, IMPORT)


@npm.get("", response_model=AuthorityPage)
async def list_authorities(work: NpmWork, request: Request, filters: Filtered[AuthorityFilters]) -> Response:
    """List the institutions of the directory, by name unless another order is asked for.

    Monitoring bodies, civil society, international and partner bodies are there too: ask for their `kind`.
    """
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=Authority)
async def register_authority(work: NpmWork, new: Json[AuthorityCreate]) -> Response:
    """Enter an institution into the directory, with the institutions above it."""
    authority_id = await work.once(usecases.register_authority, new)
    return created(work, await queries.in_full(work, authority_id), f"/v1/npm/authorities/{authority_id}")


@npm.get("/{authority_id}", response_model=Authority)
async def get_authority(work: NpmWork, authority_id: UUID) -> Response:
    """Read one institution with everything the directory keeps on it."""
    return one(work, await queries.in_full(work, authority_id))


@npm.patch("/{authority_id}", response_model=Authority)
async def update_authority(
    work: NpmWork, authority_id: UUID, if_match: IfMatch, changes: MergePatch[AuthorityUpdate]
) -> Response:
    """Correct an institution's entry, or close it; a former name is kept.

    Parents that would lead back to the institution itself are refused with 409.
    """
    await usecases.update_authority(work, authority_id, if_match, changes)
    return one(work, await queries.in_full(work, authority_id))


@npm.get("/{authority_id}/departments", response_model=AuthorityPage)
async def list_departments(
    work: NpmWork, request: Request, authority_id: UUID, filters: Filtered[DepartmentFilters]
) -> Response:
    """List the departments of an institution that matter."""
    return page(work, request, await queries.departments(work, authority_id, filters))


@npm.post("/{authority_id}/departments", status_code=201, response_model=Authority)
async def register_department(work: NpmWork, authority_id: UUID, new: Json[DepartmentCreate]) -> Response:
    """Enter a department of an institution."""
    department_id = await work.once(usecases.register_department, authority_id, new)
    return created(work, await queries.in_full(work, department_id), f"/v1/npm/authorities/{department_id}")

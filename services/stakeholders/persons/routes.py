"""The routes of the NPM's own people: npm. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.stakeholders.persons import queries, usecases
from services.stakeholders.persons.schemas import (
    InstitutionPerson,
    InstitutionPersonCreate,
    InstitutionPersonFilters,
    InstitutionPersonPage,
    InstitutionPersonUpdate,
    PersonImportRow,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.imports.kinds import ImportKind
from shared.imports.routes import mount
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "persons")
ROUTERS = (npm,)
_ABOUT = """Import people, experts among them; a row known by source and id is compared, never doubled.
"""
IMPORT = ImportKind(
    name="persons",
    operation="import_persons",
    row=PersonImportRow,
    take=usecases.import_persons,
    about=_ABOUT,
)
mount(npm, IMPORT)


@npm.get("", response_model=InstitutionPersonPage)
async def list_persons(work: NpmWork, request: Request, filters: Filtered[InstitutionPersonFilters]) -> Response:
    """List members, staff and seconded officials."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=InstitutionPerson)
async def register_person(work: NpmWork, new: Json[InstitutionPersonCreate]) -> Response:
    """Enter a member, an employee or a seconded official; conflicts that the past speaks for are entered as detected."""
    person_id = await work.once(usecases.register_person, new)
    return created(work, await queries.in_full(work, person_id), f"/v1/npm/persons/{person_id}")


@npm.get("/{person_id}", response_model=InstitutionPerson)
async def get_person(work: NpmWork, person_id: UUID) -> Response:
    """Read the entry of a member, an employee or a seconded official."""
    return one(work, await queries.in_full(work, person_id))


@npm.patch("/{person_id}", response_model=InstitutionPerson)
async def update_person(
    work: NpmWork, person_id: UUID, if_match: IfMatch, changes: MergePatch[InstitutionPersonUpdate]
) -> Response:
    """Correct somebody's entry."""
    await usecases.update_person(work, person_id, if_match, changes)
    return one(work, await queries.in_full(work, person_id))

"""The routes of accreditations: npm and authority. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.stakeholders.accreditations import queries, usecases
from services.stakeholders.accreditations.schemas import (
    AccreditationCreate,
    AccreditationFilters,
    AccreditationImportRow,
    AccreditationTransition,
    AuthorityAccreditationFilters,
    AuthorityAccreditationPage,
    PersonAccreditation,
    PersonAccreditationPage,
)
from shared.app import audience_router
from shared.http import AuthorityWork, NpmWork, created, one, page
from shared.imports.kinds import ImportKind
from shared.imports.routes import mount
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "accreditations")
authority = audience_router("authority", "accreditations")
ROUTERS = (npm, authority)
IMPORT = ImportKind(
    name="accreditations",
    operation="import_accreditations",
    row=AccreditationImportRow,
    take=usecases.import_accreditations,
    about="Import accreditations that were before this system. One that is known is left as it is.",
)
mount(npm, IMPORT)


@npm.get("", response_model=PersonAccreditationPage)
async def list_accreditations(work: NpmWork, request: Request, filters: Filtered[AccreditationFilters]) -> Response:
    """List accreditations, those that end first before the others."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=PersonAccreditation)
async def request_accreditation(work: NpmWork, new: Json[AccreditationCreate]) -> Response:
    """Ask an authority to know a person. Ask for standing accreditations: the authority is never told of a visit."""
    accreditation_id = await work.once(usecases.request_accreditation, new)
    return created(work, await queries.in_full(work, accreditation_id), f"/v1/npm/accreditations/{accreditation_id}")


@npm.get("/{accreditation_id}", response_model=PersonAccreditation)
async def get_accreditation(work: NpmWork, accreditation_id: UUID) -> Response:
    """Read one accreditation."""
    return one(work, await queries.in_full(work, accreditation_id))


@npm.post("/{accreditation_id}/transitions", response_model=PersonAccreditation)
async def transition_accreditation(
    work: NpmWork, accreditation_id: UUID, if_match: IfMatch, order: Json[AccreditationTransition]
) -> Response:
    """Record what the authority answered (grant, refuse, renew, revoke; its paper is filed), or withdraw."""
    await work.once(usecases.transition_accreditation, accreditation_id, if_match, order)
    return one(work, await queries.in_full(work, accreditation_id))


@authority.get("", response_model=AuthorityAccreditationPage, name="list_accreditations")
async def list_own_accreditations(
    work: AuthorityWork, request: Request, filters: Filtered[AuthorityAccreditationFilters]
) -> Response:
    """List the persons of the NPM whom your authority is asked to know, or knows: name, profession and dates."""
    return page(work, request, await queries.at_own_authority(work, filters))

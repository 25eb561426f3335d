"""The routes of experts' contracts for the NPM. Parse, one use case, shape."""

from uuid import UUID

from starlette.responses import Response

from services.stakeholders.expert_contracts import usecases
from services.stakeholders.experts import queries
from services.stakeholders.experts.schemas import ContractVersionSent, ExpertContracts, ExpertEngagementImportRow
from services.stakeholders.experts.usecases import add_contract_version
from shared.app import audience_router
from shared.http import NpmWork, created, one
from shared.imports.kinds import ImportKind
from shared.imports.routes import mount
from shared.schemas import Json

router = audience_router("npm", "experts")
IMPORT = ImportKind(
    name="experts",
    operation="import_expert_engagements",
    row=ExpertEngagementImportRow,
    take=usecases.import_expert_engagements,
    about="Import engagements that were before this system. One that is known is left as it is.",
)
mount(router, IMPORT)


@router.get("/{expert_id}/engagements/{engagement_id}/contracts", response_model=ExpertContracts)
async def get_expert_contracts(work: NpmWork, expert_id: UUID, engagement_id: UUID) -> Response:
    """Read the versions of the contract of an engagement, with who signed them."""
    return one(work, await queries.contracts(work, expert_id, engagement_id))


@router.post(
    "/{expert_id}/engagements/{engagement_id}/contracts",
    status_code=201,
    response_model=ExpertContracts,
    name="add_contract_version",
)
async def add_version(work: NpmWork, expert_id: UUID, engagement_id: UUID, new: Json[ContractVersionSent]) -> Response:
    """Draft a version of the contract; the expert signs it, and the transition `contract` makes it hold.

    Once under contract a new version is an amendment: it holds when the expert has signed it.
    """
    await work.once(add_contract_version, expert_id, engagement_id, new)
    shown = await queries.contracts(work, expert_id, engagement_id)
    return created(work, shown, f"/v1/npm/experts/{expert_id}/engagements/{engagement_id}/contracts")

"""The routes of an expert's own contract. Parse, one use case, shape."""

from starlette.responses import Response

from services.stakeholders.expert_contracts import usecases
from services.stakeholders.expert_contracts.schemas import (
    ExpertContract,
    ExpertContractSignature,
    ExpertContractTransition,
)
from shared.app import audience_router
from shared.http import ExpertWork, created, one
from shared.schemas import IfMatch, Json

router = audience_router("expert", "contract")


@router.get("", response_model=ExpertContract)
async def get_contract(work: ExpertWork) -> Response:
    """Read your own engagement: its state and dates, the contract, and why you may or may not work today."""
    return one(work, await usecases.own_contract(work))


@router.post("/signatures", status_code=201, response_model=ExpertContract)
async def sign_contract(work: ExpertWork, signature: Json[ExpertContractSignature]) -> Response:
    """Sign the latest version of your contract."""
    await work.once(usecases.sign_contract, signature)
    return created(work, await usecases.own_contract(work), "/v1/expert/contract")


@router.post("/transitions", response_model=ExpertContract)
async def transition_contract(work: ExpertWork, if_match: IfMatch, order: Json[ExpertContractTransition]) -> Response:
    """Sign the duty of secrecy, which survives the end, or end your engagement."""
    await work.once(usecases.transition_contract, if_match, order)
    return one(work, await usecases.own_contract(work))

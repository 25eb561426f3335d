"""The routes of the decision matrix: npm. Parse, one use case, shape."""

from starlette.responses import Response

from services.stakeholders.decision_matrix import queries, usecases
from services.stakeholders.decision_matrix.schemas import DecisionMatrix, DecisionMatrixReplacement
from shared.app import audience_router
from shared.http import NpmWork, one
from shared.schemas import IfMatch, Json

npm = audience_router("npm", "decision-matrix")
ROUTERS = (npm,)


@npm.get("", response_model=DecisionMatrix)
async def get_decision_matrix(work: NpmWork) -> Response:
    """Read who decides on what beside the head."""
    return one(work, await queries.in_full(work))


@npm.put("", response_model=DecisionMatrix)
async def put_decision_matrix(work: NpmWork, if_match: IfMatch, order: Json[DecisionMatrixReplacement]) -> Response:
    """Lay down who decides on what beside the head. Only members can be named; seconded officials never decide."""
    await usecases.put_decision_matrix(work, if_match, order)
    return one(work, await queries.in_full(work))

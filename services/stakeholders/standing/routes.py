"""The route of standing for the inside: the gateway asks it on every request of an expert."""

from starlette.responses import Response

from services.stakeholders.standing import usecases
from services.stakeholders.standing.schemas import StandingAnswer, StandingQuestion
from shared.app import audience_router
from shared.http import JSON, ServiceWork
from shared.schemas import Filtered

service = audience_router("service", "expert-standing")
ROUTERS = (service,)


@service.get("", response_model=StandingAnswer)
async def read_expert_standing(work: ServiceWork, question: Filtered[StandingQuestion]) -> Response:
    """Say whether an expert is in standing now, and what conflicts keep the expert from. An unknown expert is not."""
    told = await usecases.standing_of(work, question.expert_id)
    excluded = await usecases.excluded_of(work, question.expert_id)
    answer = StandingAnswer.model_validate({"expert_id": question.expert_id, **told, "excluded": excluded})
    return Response(answer.model_dump_json(), media_type=JSON)

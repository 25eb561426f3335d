"""The route of standing for the inside: the gateway asks it on every request of an expert."""

from starlette.responses import Response

from services.stakeholders.standing import usecases
from services.stakeholders.standing.schemas import (
    SecondmentAnswer,
    SecondmentQuestion,
    StandingAnswer,
    StandingQuestion,
)
from shared.app import audience_router
from shared.http import JSON, ServiceWork
from shared.schemas import Filtered

service = audience_router("service", "expert-standing")
secondments = audience_router("service", "secondments")
ROUTERS = (service, secondments)


@service.get("", response_model=StandingAnswer)
async def read_expert_standing(work: ServiceWork, question: Filtered[StandingQuestion]) -> Response:
    """Say whether an expert is in standing now, and what conflicts keep the expert from. An unknown expert is not."""
    told = await usecases.standing_of(work, question.expert_id)
    excluded = await usecases.excluded_of(work, question.expert_id)
    answer = StandingAnswer.model_validate({"expert_id": question.expert_id, **told, "excluded": excluded})
    return Response(answer.model_dump_json(), media_type=JSON)


@secondments.get("", response_model=SecondmentAnswer)
async def read_secondment(work: ServiceWork, question: Filtered[SecondmentQuestion]) -> Response:
    """Say what a seconded official is kept out of: the origin with all that hangs under it, and what conflicts exclude."""
    excluded = await usecases.excluded_of_secondee(work, question.person_id)
    answer = SecondmentAnswer.model_validate({"person_id": question.person_id, "excluded": excluded})
    return Response(answer.model_dump_json(), media_type=JSON)

"""The routes of standing for the inside: the gateway asks them for experts, secondees and everybody else of the NPM."""

from starlette.responses import Response

from services.stakeholders.standing import usecases
from services.stakeholders.standing.schemas import (
    RecusalAnswer,
    RecusalQuestion,
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
recusals = audience_router("service", "recusals")
ROUTERS = (service, secondments, recusals)


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


@recusals.get("", response_model=RecusalAnswer)
async def read_recusal(work: ServiceWork, question: Filtered[RecusalQuestion]) -> Response:
    """Say what conflicts of interest keep somebody of the NPM from, and whether one ends the function."""
    found = await usecases.recusal_of(work, question.person_id)
    answer = RecusalAnswer.model_validate({"person_id": question.person_id, **found})
    return Response(answer.model_dump_json(), media_type=JSON)

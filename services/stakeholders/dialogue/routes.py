"""The routes of the relation with an authority: npm. Parse, one use case, shape."""

from uuid import UUID

from starlette.responses import Response

from services.stakeholders.dialogue import usecases
from services.stakeholders.dialogue.schemas import DialogueRelation, DialogueRelationTransition
from shared.app import audience_router
from shared.http import NpmWork, one
from shared.schemas import IfMatch, Json

npm = audience_router("npm", "authorities")
ROUTERS = (npm,)


@npm.get("/{authority_id}/relation", response_model=DialogueRelation)
async def get_authority_relation(work: NpmWork, authority_id: UUID) -> Response:
    """Read how the dialogue with an authority stands: its state, and H with its parts over six months."""
    return one(work, await usecases.in_full(work, authority_id))


@npm.post("/{authority_id}/relation/transitions", response_model=DialogueRelation)
async def transition_authority_relation(
    work: NpmWork, authority_id: UUID, if_match: IfMatch, order: Json[DialogueRelationTransition]
) -> Response:
    """Introduce, activate, mark strained, restore, escalate, recover or end. To escalate, one channel stays open."""
    await work.once(usecases.transition_relation, authority_id, if_match, order)
    return one(work, await usecases.in_full(work, authority_id))

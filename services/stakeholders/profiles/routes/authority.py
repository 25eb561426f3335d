"""The routes of an authority's own entry. Parse, one use case, shape."""

from starlette.responses import Response

from services.stakeholders.profiles import queries, usecases
from services.stakeholders.profiles.schemas.authority import (
    AuthorityContact,
    AuthorityContactProposal,
    AuthorityProfile,
)
from shared.app import audience_router
from shared.http import AuthorityWork, created, one
from shared.schemas import Json

router = audience_router("authority", "profile")


@router.get("", response_model=AuthorityProfile)
async def get_profile(work: AuthorityWork) -> Response:
    """Read your authority's own entry: its people and focal points as the NPM has them."""
    return one(work, await queries.of_authority(work))


@router.post("/contacts", status_code=201, response_model=AuthorityContact)
async def propose_contact(work: AuthorityWork, proposed: Json[AuthorityContactProposal]) -> Response:
    """Propose somebody of your authority as a contact or focal point; the NPM takes it over."""
    contact_id = await work.once(usecases.propose_contact, proposed)
    return created(work, await queries.contact(work, contact_id), "/v1/authority/profile")

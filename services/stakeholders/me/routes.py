"""The routes of `me` for every class with a token. Parse, one use case, shape."""

from starlette.responses import Response

from services.stakeholders.me import usecases
from services.stakeholders.me.schemas import ExpertMe, Me
from shared.app import audience_router
from shared.http import AuthorityWork, ExpertWork, NpmWork, PartnerWork, one

npm = audience_router("npm", "me")
expert = audience_router("expert", "me")
authority = audience_router("authority", "me")
partner = audience_router("partner", "me")
ROUTERS = (npm, expert, authority, partner)


@npm.get("", response_model=Me)
async def get_me(work: NpmWork) -> Response:
    """Read who you are: roles, scopes, your entry."""
    return one(work, await usecases.me(work))


@expert.get("", response_model=ExpertMe, name="get_me")
async def get_expert_me(work: ExpertWork) -> Response:
    """Read who you are, and why you may or may not work today."""
    return one(work, await usecases.expert_me(work))


@authority.get("", response_model=Me, name="get_me")
async def get_authority_me(work: AuthorityWork) -> Response:
    """Read who you are: roles, scopes, the authority you act for."""
    return one(work, await usecases.me(work))


@partner.get("", response_model=Me, name="get_me")
async def get_partner_me(work: PartnerWork) -> Response:
    """Read who you are: roles, scopes, the organisation you act for."""
    return one(work, await usecases.me(work))

"""The routes of a partner's own entry. Parse, one use case, shape."""

from starlette.responses import Response

from services.stakeholders.profiles import queries
from services.stakeholders.profiles.schemas.partner import PartnerDirectoryEntry
from shared.app import audience_router
from shared.http import PartnerWork, one

router = audience_router("partner", "profile")


@router.get("", response_model=PartnerDirectoryEntry, name="get_profile")
async def get_partner_profile(work: PartnerWork) -> Response:
    """Read your organisation's own entry: its people as the NPM has them."""
    return one(work, await queries.of_partner(work))

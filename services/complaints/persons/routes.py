"""The route of the vault: npm. One call, one person, one journal row before the answer."""

from uuid import UUID

from starlette.responses import Response

from services.complaints.persons import usecases
from services.complaints.persons.schemas import RevealedPerson
from shared.app import audience_router
from shared.http import JSON, NpmWork

npm = audience_router("npm", "person-records")
ROUTERS = (npm,)


@npm.post("/{person_record_id}/reveal", response_model=RevealedPerson)
async def reveal_person(work: NpmWork, person_record_id: UUID) -> Response:
    """Show who somebody is, to the assigned officer, the vault keeper or the head.

    Needs a second factor and a purpose; at most ten an hour. Every attempt is in the journal before it is answered.
    """
    shown = await usecases.reveal(work, person_record_id)
    return Response(shown, headers={"Cache-Control": "no-store"}, media_type=JSON)

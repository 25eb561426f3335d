"""Who the caller is, put together from the token and the names that this service keeps. Changes nothing."""

import time
from typing import Any
from uuid import UUID

from services.stakeholders import acting
from services.stakeholders.experts.schemas import ExpertStanding
from services.stakeholders.me import queries
from services.stakeholders.me.schemas import ExpertMe, Me
from services.stakeholders.standing import usecases as standing
from shared.db import Work
from shared.schemas import Reference


def _told(work: Work) -> dict[str, Any]:
    caller = work.caller
    return {
        "subject": caller.subject,
        "audience_class": caller.audience_class,
        "roles": sorted(caller.roles),
        "scopes": sorted(caller.scopes),
        "institution_id": caller.institution_id,
        # whether a login is fresh is a question to the host's clock, as in the wall
        "is_stepped_up": caller.is_stepped_up(time.time()),
    }


async def me(work: Work) -> bytes:
    """Give who is calling for the NPM, an authority or a partner."""
    caller = work.caller
    person = await queries.person(work, acting.person_of(work)) if caller.audience_class == "npm" else None
    shown = Me(
        **_told(work),
        person=_reference(person),
        organisation=_reference(await queries.organisation(work, caller.organisation_id)),
        department=_reference(await queries.organisation(work, caller.department_id)),
    )
    return shown.model_dump_json().encode()


async def expert_me(work: Work) -> bytes:
    """Give which expert is calling, and why the expert may or may not work today."""
    expert_id = UUID(work.caller.expert_id)
    shown = ExpertMe(
        **_told(work),
        expert_id=expert_id,
        person=_reference(await queries.person(work, str(expert_id))),
        standing=ExpertStanding.model_validate(await standing.standing_of(work, expert_id)),
    )
    return shown.model_dump_json().encode()


def _reference(named: dict[str, Any] | None) -> Reference | None:
    return Reference.model_validate(named) if named else None

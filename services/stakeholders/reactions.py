"""What the stakeholders service does with other services' events. Each reaction is idempotent by the inbox's position."""

from collections.abc import Mapping
from uuid import UUID

from services.stakeholders.conflicts import usecases as conflicts
from services.stakeholders.engagements import usecases as engagements
from shared.db import Work
from shared.inbox import Reaction, Received


async def keep_place(work: Work, event: Received) -> None:
    """Keep the name behind a place's id and who runs it, for conflicts and for who is kept from it."""
    await conflicts.keep_place(work, UUID(event.subject_id), str(event.values["name"]), event.values.get("operator_id"))


async def keep_answer(work: Work, event: Received) -> None:
    """Keep whether an authority answered on time: a part of H (F6)."""
    await engagements.keep_answer(work, dict(event.values))


FEEDS: Mapping[str, Mapping[str, Reaction]] = {
    "visits": {
        "visits.place.registered": keep_place,
        "visits.place.confirmed": keep_place,
        "visits.place.changed": keep_place,
    },
    "recommendations": {
        "recommendations.response.submitted": keep_answer,
        "recommendations.response.became_overdue": keep_answer,
    },
}

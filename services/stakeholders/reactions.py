"""What the stakeholders service does with other services' events. Each reaction is idempotent by the inbox's position."""

from collections.abc import Mapping, Sequence

from services.stakeholders.conflicts import usecases as conflicts
from services.stakeholders.engagements import usecases as engagements
from shared.db import Work
from shared.inbox import Reaction, Received, Together


@Together
async def keep_places(work: Work, events: Sequence[Received]) -> None:
    """Keep the names behind places' ids and who runs them, for conflicts and for who is kept from a place."""
    await conflicts.keep_places(work, {event.subject_id: event.values for event in events})


async def keep_answer(work: Work, event: Received) -> None:
    """Keep whether an authority answered on time: a part of H (F6)."""
    await engagements.keep_answer(work, dict(event.values))


FEEDS: Mapping[str, Mapping[str, Reaction]] = {
    "visits": {
        "visits.place.registered": keep_places,
        "visits.place.confirmed": keep_places,
        "visits.place.changed": keep_places,
    },
    "recommendations": {
        "recommendations.response.submitted": keep_answer,
        "recommendations.response.became_overdue": keep_answer,
    },
}

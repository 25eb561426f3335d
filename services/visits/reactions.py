"""What the visits service does with other services' events. Each reaction is idempotent by the inbox's position."""

from collections.abc import Mapping
from uuid import UUID

from services.visits.places import usecases as places
from services.visits.reports import usecases as reports
from shared.db import Work
from shared.inbox import Reaction, Received


async def keep_authority(work: Work, event: Received) -> None:
    """Keep the name behind an authority's id."""
    await places.keep_authority(work, UUID(event.subject_id), dict(event.values))


async def keep_signal(work: Work, event: Received) -> None:
    """Keep what the complaints service says of a place: aggregates, never a case."""
    await places.keep_signal(work, UUID(event.subject_id), event.on, dict(event.values))


async def keep_recommendation(work: Work, event: Received) -> None:
    """Keep number and state of a recommendation: a report is approved after its recommendations."""
    await reports.keep_recommendation(work, UUID(event.subject_id), dict(event.values))


#: Every step of a recommendation that may change its state.
_RECOMMENDATION_STEPS = (
    "approved",
    "approval_withdrawn",
    "transmitted",
    "published",
    "follow_up_started",
    "status_changed",
    "closed",
    "reopened",
    "withdrawn",
    "dropped",
)

FEEDS: Mapping[str, Mapping[str, Reaction]] = {
    "stakeholders": {"stakeholders.stakeholder.changed": keep_authority},
    "complaints": {"complaints.place_signal.recomputed": keep_signal},
    # reports
    "recommendations": {
        f"recommendations.recommendation.{step}": keep_recommendation for step in _RECOMMENDATION_STEPS
    },
}

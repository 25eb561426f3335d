"""What the complaints service does with other services' events. Each reaction is idempotent by the inbox's position."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.complaints.partner_profiles import usecases as partner_profiles
from services.complaints.projections import usecases as projections
from shared.db import Work
from shared.inbox import Reaction, Received, Together


@Together
async def keep_places(work: Work, events: Sequence[Received]) -> None:
    """Keep places of the register."""
    await projections.keep_places(work, {event.subject_id: event.values for event in events})


async def keep_stakeholder(work: Work, event: Received) -> None:
    """Keep the name behind an authority's or a partner's id."""
    await projections.keep_stakeholder(work, UUID(event.subject_id), event.values)


async def keep_person(work: Work, event: Received) -> None:
    """Keep the name of somebody of the NPM."""
    await projections.keep_person(work, UUID(event.subject_id), event.values)


async def keep_agreement(work: Work, event: Received) -> None:
    """Keep the state of an agreement with a partner."""
    await partner_profiles.keep_mou(work, dict(event.values))


async def keep_recommendation(work: Work, event: Received) -> None:
    """Keep a transmitted recommendation on the watch list."""
    await projections.keep_recommendation(work, UUID(event.subject_id), event.values)


async def keep_claim(work: Work, event: Received) -> None:
    """Keep the day of a claim that a recommendation is implemented."""
    await projections.keep_claim(work, event.values)


FEEDS: Mapping[str, Mapping[str, Reaction]] = {
    "visits": {
        f"visits.place.{fact}": keep_places
        for fact in ("registered", "confirmed", "changed", "closed", "reopened", "merged", "rejected", "separated")
    },
    "stakeholders": {
        "stakeholders.stakeholder.changed": keep_stakeholder,
        "stakeholders.person.changed": keep_person,
        **{
            f"stakeholders.mou.{fact}": keep_agreement
            for fact in ("signed", "suspended", "resumed", "expired", "terminated")
        },
    },
    "recommendations": {
        **{
            f"recommendations.recommendation.{fact}": keep_recommendation
            for fact in ("transmitted", "status_changed", "closed", "reopened", "withdrawn", "published")
        },
        "recommendations.response.submitted": keep_claim,
    },
}

"""What the recommendations service does with other services' events. Each reaction is idempotent by the inbox's position."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from services.recommendations.assessments.rules import AssessmentTrigger
from services.recommendations.assessments.usecases import open_if_none
from services.recommendations.known import usecases as known
from services.recommendations.recommendations import queries as recommendations
from services.recommendations.recommendations import usecases
from shared.db import Work
from shared.inbox import Reaction, Received, Together


async def keep_stakeholder(work: Work, event: Received) -> None:
    """Keep the name behind an authority's id."""
    await known.keep_stakeholder(work, UUID(event.subject_id), event.values)


async def keep_person(work: Work, event: Received) -> None:
    """Keep the name behind a person's id."""
    await known.keep_person(work, UUID(event.subject_id), event.values)


@Together
async def keep_places(work: Work, events: Sequence[Received]) -> None:
    """Keep the names behind places' ids."""
    await known.keep_places(work, {event.subject_id: event.values for event in events})


async def keep_report(work: Work, event: Received) -> None:
    """Keep how far a report has come; what was sent out of it is published with it."""
    state = event.name.rpartition(".")[2]
    await known.keep_report(work, UUID(event.subject_id), state, event.values)
    if state == "published":
        await usecases.publish_with_report(work, UUID(event.subject_id))


async def keep_team(work: Work, event: Received) -> None:
    """Keep which experts may see the recommendations of a visit."""
    visit_id = UUID(str(event.values.get("visit_id") or event.subject_id))
    await known.keep_team(work, visit_id, [str(each) for each in event.values.get("expert_ids") or []])


def _goes_to(event: Received) -> list[str]:
    return [str(each) for each in event.values.get("place_ids") or []]


@Together
async def keep_visits(work: Work, events: Sequence[Received]) -> None:
    """Keep to which places visits go."""
    await known.keep_visits(work, {event.subject_id: _goes_to(event) for event in events})


async def keep_ready_visit(work: Work, event: Received) -> None:
    """Keep to which places a visit goes, and which experts go along."""
    await known.keep_visits(work, {event.subject_id: _goes_to(event)})
    await keep_team(work, event)


async def look_again_after_visit(work: Work, event: Received) -> None:
    """Open an assessment of what is followed up at the places of a visit that was carried out."""
    places = _goes_to(event)
    await known.keep_visits(work, {event.subject_id: places})
    for recommendation_id in await recommendations.in_follow_up_at(work, places):
        await open_if_none(work, recommendation_id, AssessmentTrigger.VISIT_COMPLETED)


async def keep_signal(work: Work, event: Received) -> None:
    """Keep what complaints say against implementation, and open an assessment; no status changes (F4)."""
    recommendation_id = UUID(event.subject_id)
    if not await recommendations.exists(work, recommendation_id):
        return
    level, band = str(event.values["level"]), str(event.values.get("count_band") or "")
    as_of = date.fromisoformat(str(event.values["as_of"])) if event.values.get("as_of") else event.on
    recommendation = await usecases.keep_signal(work, recommendation_id, level, band, as_of)
    if level != "none" and recommendation.state == "in_follow_up":
        await open_if_none(work, recommendation_id, AssessmentTrigger.NON_IMPLEMENTATION_SIGNAL)


_PLACE_EVENTS = ("registered", "confirmed", "changed", "closed", "reopened", "merged", "rejected", "separated")
_REPORT_EVENTS = ("approved", "transmitted", "published", "withheld")

FEEDS: Mapping[str, Mapping[str, Reaction]] = {
    "visits": {
        **{f"visits.place.{each}": keep_places for each in _PLACE_EVENTS},
        **{f"visits.report.{each}": keep_report for each in _REPORT_EVENTS},
        "visits.visit.readied": keep_ready_visit,
        "visits.visit.team_changed": keep_team,
        "visits.visit.completed": look_again_after_visit,
        **{f"visits.visit.{each}": keep_visits for each in ("started", "closed", "imported")},
    },
    "stakeholders": {
        "stakeholders.stakeholder.changed": keep_stakeholder,
        "stakeholders.person.changed": keep_person,
    },
    "complaints": {"complaints.non_implementation_signal.recomputed": keep_signal},
}

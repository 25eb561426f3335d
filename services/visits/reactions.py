"""What the visits service does with other services' events. Each reaction is idempotent by the inbox's position."""

from collections.abc import Mapping
from uuid import UUID

from services.visits.conduct import usecases as conduct
from services.visits.places import usecases as places
from services.visits.priorities import usecases as priorities
from services.visits.reports import usecases as reports
from services.visits.teams import usecases as teams
from shared.db import Work
from shared.inbox import Reaction, Received


async def keep_authority(work: Work, event: Received) -> None:
    """Keep the name behind an authority's id."""
    await places.keep_authority(work, UUID(event.subject_id), dict(event.values))


async def keep_person(work: Work, event: Received) -> None:
    """Keep the name and the kind behind a person's id."""
    await teams.keep_person(work, UUID(event.subject_id), event.values)


async def keep_standing(work: Work, event: Received) -> None:
    """Keep whether an expert is in standing; a ready visit that counted on it goes back to preparation."""
    person_id = UUID(str(event.values["person_id"]))
    await teams.keep_standing(work, person_id, event.values)
    await conduct.recheck(work, person_id)


async def keep_accreditation(work: Work, event: Received) -> None:
    """Keep for which authority somebody is accredited."""
    await teams.keep_accreditation(work, UUID(event.subject_id), event.values)
    await conduct.recheck(work, UUID(str(event.values["person_id"])))


async def keep_conflict(work: Work, event: Received) -> None:
    """Keep what a conflict of interest keeps somebody from."""
    await teams.keep_conflict(work, UUID(event.subject_id), event.values)
    await conduct.recheck(work, UUID(str(event.values["person_id"])))


async def keep_signal(work: Work, event: Received) -> None:
    """Keep what the complaints service says of a place: aggregates, never a case."""
    await places.keep_signal(work, UUID(event.subject_id), event.on, dict(event.values))


async def answer_detected_pattern(work: Work, event: Received) -> None:
    """A strong pattern asks for a decision on a visit; a weaker one waits until somebody has accepted it."""
    if event.values.get("level") == "strong":
        await priorities.answer_pattern(work, event.values)


async def answer_accepted_pattern(work: Work, event: Received) -> None:
    """An accepted pattern asks for a decision on a visit."""
    await priorities.answer_pattern(work, event.values)


async def answer_silence(work: Work, event: Received) -> None:
    """A suspicious silence asks for a decision on a visit where the score is high."""
    await priorities.answer_silence(work, event.values)


async def keep_contradiction(work: Work, event: Received) -> None:
    """Keep whether complaints contradict what is claimed about a recommendation."""
    await priorities.keep_contradiction(work, UUID(event.subject_id), event.values)


async def keep_recommendation(work: Work, event: Received) -> None:
    """Keep how a recommendation stands: scores count it, and a report is approved after its recommendations."""
    await reports.keep_recommendation(work, UUID(event.subject_id), dict(event.values))
    if event.name.rpartition(".")[2] in _SCORED:
        await priorities.keep_recommendation(work, UUID(event.subject_id), event.values)


async def keep_overdue_response(work: Work, event: Received) -> None:
    """Keep that an addressee owes its answer."""
    await priorities.keep_overdue(work, event.values, is_overdue=True)


async def keep_response(work: Work, event: Received) -> None:
    """Keep that an addressee has answered."""
    await priorities.keep_overdue(work, event.values, is_overdue=False)


_ENGAGEMENT = ("confidentiality_signed", "trained", "accredited", "suspended", "reinstated", "ended", "lapsed")
_ACCREDITATION = ("granted", "renewed", "revoked", "withdrawn", "expired")
_CONFLICT = ("declared", "detected", "review_started", "decided", "cleared", "lifted")
#: Facts that scores count; before them nothing was sent yet.
_SCORED = (
    "transmitted",
    "status_changed",
    "follow_up_started",
    "closed",
    "reopened",
    "withdrawn",
    "published",
)

_RECOMMENDATION = ("approved", "approval_withdrawn", "dropped", *_SCORED)

FEEDS: Mapping[str, Mapping[str, Reaction]] = {
    "stakeholders": {
        "stakeholders.stakeholder.changed": keep_authority,
        "stakeholders.person.changed": keep_person,
        **{f"stakeholders.expert_engagement.{fact}": keep_standing for fact in _ENGAGEMENT},
        **{f"stakeholders.accreditation.{fact}": keep_accreditation for fact in _ACCREDITATION},
        **{f"stakeholders.conflict_declaration.{fact}": keep_conflict for fact in _CONFLICT},
    },
    "complaints": {
        "complaints.place_signal.recomputed": keep_signal,
        "complaints.pattern.detected": answer_detected_pattern,
        "complaints.pattern.accepted": answer_accepted_pattern,
        "complaints.silence.detected": answer_silence,
        "complaints.non_implementation_signal.recomputed": keep_contradiction,
    },
    "recommendations": {
        **{f"recommendations.recommendation.{fact}": keep_recommendation for fact in _RECOMMENDATION},
        "recommendations.response.became_overdue": keep_overdue_response,
        "recommendations.response.submitted": keep_response,
    },
}

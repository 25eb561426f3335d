"""Adding, asking and releasing addressees. The only place where a due date is counted; nothing here judges an answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.recommendations.addressees import queries
from services.recommendations.addressees.schemas import AddresseeCreate
from services.recommendations.addressees.tables import Addressee
from services.recommendations.known import queries as known
from services.recommendations.recommendations import queries as recommendations
from services.recommendations.recommendations.rules import RecommendationState
from services.recommendations.recommendations.tables import Recommendation
from services.recommendations.responses.rules import RESPONSE, ResponseAction, ResponseState
from shared.calendar import Calendar, Deadline
from shared.db import Work
from shared.errors import Conflict, FieldError, NotFound
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch

ADDRESSABLE = ("authority", "department", "monitoring_body")
_BEFORE_SENDING = (RecommendationState.DRAFT, RecommendationState.INTERNAL_REVIEW)
_AFTER_SENDING = (RecommendationState.TRANSMITTED, RecommendationState.IN_FOLLOW_UP)


def person_of(work: Work) -> str:
    """Give the person behind the caller; two-person rules compare persons, never accounts."""
    return work.caller.person


def calendar_of(work: Work) -> Calendar:
    """Give the calendar that the NPM works by."""
    return Calendar(country=work.state.settings.country)


def explained(deadline: Deadline) -> dict[str, Any]:
    """Give a deadline as it is kept and shown, with its sentence."""
    return {**deadline.as_json(), "sentence": deadline.sentence}


def told(addressee: Addressee, **more: Any) -> Mapping[str, Any]:
    """Give what other services keep of an addressee."""
    due_on = addressee.due_on.isoformat() if addressee.due_on else None
    return {
        "recommendation_id": str(addressee.recommendation_id),
        "addressee_id": str(addressee.id),
        "authority_id": str(addressee.stakeholder_id),
        "due_on": due_on,
        "origin": addressee.origin,
        **more,
    }


async def made(work: Work, recommendation: Recommendation, new: AddresseeCreate) -> Addressee:
    """Make an addressee of a recommendation; it is asked when the recommendation is sent."""
    kind = await known.kind_of(work, new.authority_id)
    if kind is not None and kind not in ADDRESSABLE:
        raise Conflict(
            "only authorities and monitoring bodies are addressed",
            errors=[FieldError("/authority_id", "not_addressable", f"this is a {kind.replace('_', ' ')}")],
        )
    addressee = Addressee(
        **await stamps(work),
        **new.model_dump(mode="json", exclude={"authority_id", "department_id"}),
        recommendation_id=recommendation.id,
        stakeholder_id=new.authority_id,
        department_id=new.department_id,
        state=RESPONSE.initial.value,
    )
    recommendation.addressed_ids = sorted({*recommendation.addressed_ids, new.authority_id})
    work.session.add(recommendation)
    await work.flush()
    work.session.add(addressee)
    work.record(Event(RESPONSE.create[ResponseAction.ADDRESS].event, addressee.id, told(addressee)))
    return addressee


async def add_addressee(work: Work, recommendation_id: UUID, new: AddresseeCreate) -> UUID:
    """Add an addressee: to a draft for later, to a sent recommendation with a request at once."""
    recommendation = await recommendations.lock(work, recommendation_id)
    state = RecommendationState(recommendation.state)
    if state not in (*_BEFORE_SENDING, *_AFTER_SENDING):
        raise Conflict(f"nobody is added while it is {state.label.lower()}", code="illegal_transition")
    addressee = await made(work, recommendation, new)
    if state in _AFTER_SENDING:
        await refuse_unknown(work, [addressee])
        await request(work, addressee)
    await touch(work, recommendation)
    return addressee.id


async def remove_addressee(work: Work, recommendation_id: UUID, addressee_id: UUID, if_match: str) -> UUID:
    """Take an addressee off a draft; once asked it can only be released."""
    recommendation = await recommendations.lock(work, recommendation_id)
    expect(if_match, await recommendations.in_full(work, recommendation_id))
    everybody = await queries.of_recommendation(work, recommendation_id)
    addressee = next((each for each in everybody if each.id == addressee_id), None)
    if addressee is None:
        raise NotFound
    if RecommendationState(recommendation.state) not in _BEFORE_SENDING or addressee.requested_on:
        raise Conflict("an addressee is taken off a draft only; release it instead", code="illegal_transition")
    recommendation.addressed_ids = sorted({each.stakeholder_id for each in everybody if each is not addressee})
    await work.session.delete(addressee)
    await touch(work, recommendation)
    work.record(Event("recommendations.response.unprepared", addressee.id, told(addressee), leaves=False))
    return recommendation.id


async def refuse_unknown(work: Work, addressees: list[Addressee]) -> None:
    """Refuse to send to an id without a directory entry: nobody would read it."""
    missing = await known.unknown(work, [each.stakeholder_id for each in addressees])
    if missing:
        raise Conflict(
            "an addressee has no entry in the directory",
            errors=[
                FieldError("/addressees", "unknown_stakeholder", f"addressee {each.id} has no entry")
                for each in addressees
                if each.stakeholder_id in missing
            ],
        )


async def request(work: Work, addressee: Addressee, *, working_days: int | None = None, reason: str = "") -> None:
    """Ask for an answer from today: the deadline is counted now and kept with its explanation (R-R15)."""
    today = await work.today()
    action = ResponseAction.REQUEST if addressee.requested_on is None else ResponseAction.ASK_AGAIN
    step = RESPONSE.step(ResponseState(addressee.state), action)
    set_deadline(addressee, calendar_of(work).due_after(today, working_days=working_days or addressee.working_days))
    addressee.requested_on, addressee.answered_on, addressee.request_reason = today, None, reason
    addressee.state = step.to.value
    await touch(work, addressee)
    work.record(Event(step.event, addressee.id, told(addressee)))


def set_deadline(addressee: Addressee, deadline: Deadline) -> None:
    """Give a new request its own deadline; the one before stays on record, with whether it was met."""
    if addressee.deadline is not None:
        answered = addressee.answered_on.isoformat() if addressee.answered_on else None
        met = (
            addressee.answered_on is not None
            and addressee.due_on is not None
            and addressee.answered_on <= addressee.due_on
        )
        before = {**addressee.deadline, "answered_on": answered, "was_met": met}
        addressee.earlier_deadlines = [*addressee.earlier_deadlines, before]
    addressee.deadline, addressee.due_on = explained(deadline), deadline.due_on


async def release_open(work: Work, recommendation_id: UUID, reason: str) -> None:
    """Release whoever still owes an answer, because the recommendation itself is over."""
    for addressee in await queries.of_recommendation(work, recommendation_id):
        if (ResponseState(addressee.state), ResponseAction.RELEASE) in RESPONSE.transitions:
            await release(work, addressee, reason)


async def release(work: Work, addressee: Addressee, reason: str) -> None:
    """Say that this addressee need not answer any more."""
    step = RESPONSE.step(ResponseState(addressee.state), ResponseAction.RELEASE)
    addressee.state, addressee.release_reason = step.to.value, reason
    await touch(work, addressee)
    work.record(Event(step.event, addressee.id, told(addressee)))


def due_dates(addressees: list[Addressee]) -> list[date | None]:
    """Give the due dates of several addressees."""
    return [each.due_on for each in addressees]

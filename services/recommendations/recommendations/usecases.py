"""What people do with recommendations: draft, review, send, publish, close, reopen. No HTTP, no SQL, no clock of its own."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.recommendations.addressees import queries as addressed
from services.recommendations.addressees import usecases as addressees
from services.recommendations.known import queries as known
from services.recommendations.recommendations import queries, rules
from services.recommendations.recommendations.rules import (
    RECOMMENDATION,
    ImplementationStatus,
    RecommendationAction,
    RecommendationState,
)
from services.recommendations.recommendations.schemas.npm import (
    RecommendationCreate,
    RecommendationScope,
    RecommendationTransition,
    RecommendationUpdate,
)
from services.recommendations.recommendations.tables import Recommendation
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import next_number, stamps, touch
from shared.workflow import Step

Order = RecommendationTransition
_EDITABLE = (RecommendationState.DRAFT, RecommendationState.INTERNAL_REVIEW)
_IDS = ("visit_id", "report_id", "finding_ids", "pattern_id", "implementation_due")
_LAID_OPEN = ("approved", "transmitted", "published")


async def recorded(work: Work, name: str, recommendation: Recommendation) -> None:
    """Leave the fact with what other services keep: codes, dates and ids, never a text."""
    recommendation.last_event_on = await work.today()
    await touch(work, recommendation)
    work.record(Event(name, recommendation.id, await queries.told(work, recommendation.id)))


def missing(gaps: Iterable[str]) -> None:
    """Refuse with 409 what is not complete yet, naming each gap."""
    named = list(gaps)
    if named:
        raise Conflict(
            f"missing: {', '.join(named)}", code="incomplete", errors=[FieldError("", "missing", gap) for gap in named]
        )


def second_person(work: Work, *proposers: str | None) -> None:
    """Refuse to decide on one's own proposal; persons are compared, not accounts."""
    if addressees.person_of(work) in proposers:
        raise Conflict("somebody else decides on this: it is your own proposal", code="own_proposal")


async def create_recommendation(work: Work, new: RecommendationCreate) -> UUID:
    """Draft a recommendation, with its addressees if they are known."""
    written = new.model_dump(mode="json", exclude={"scope", "addressees", *_IDS})
    recommendation = Recommendation(
        **written,
        **{name: getattr(new, name) for name in _IDS},
        **_scope(new.scope),
        **await stamps(work),
        code=await next_number(work, "recommendation", "R"),
        state=RECOMMENDATION.initial.value,
        last_event_on=await work.today(),
    )
    work.session.add(recommendation)
    await work.flush()
    for each in new.addressees:
        await addressees.made(work, recommendation, each)
    await recorded(work, RECOMMENDATION.create[RecommendationAction.DRAFT].event, recommendation)
    return recommendation.id


def _scope(scope: RecommendationScope | None) -> dict[str, Any]:
    if scope is None:
        return {}
    return {
        "scope_kind": scope.kind.value,
        "place_ids": scope.place_ids,
        "place_types": scope.place_types,
        "regions": scope.regions,
    }


async def update_recommendation(
    work: Work, recommendation_id: UUID, if_match: str, changes: RecommendationUpdate
) -> UUID:
    """Change a draft; an approved text is fixed."""
    recommendation = await queries.lock(work, recommendation_id)
    expect(if_match, await queries.in_full(work, recommendation_id))
    state = RecommendationState(recommendation.state)
    if state not in _EDITABLE:
        raise Conflict(f"the text is fixed while it is {state.label.lower()}", code="illegal_transition")
    for name, value in changes.model_dump(mode="json", exclude={"scope"}).items():
        setattr(recommendation, name, getattr(changes, name) if name in _IDS else value)
    if isinstance(changes.scope, RecommendationScope):
        for name, value in _scope(changes.scope).items():
            setattr(recommendation, name, value)
    await recorded(work, "recommendations.recommendation.changed", recommendation)
    return recommendation.id


async def transition_recommendation(work: Work, recommendation_id: UUID, if_match: str, order: Order) -> UUID:
    """Take one step of the way of a recommendation."""
    work.require_action(order.action.value)
    recommendation = await queries.lock(work, recommendation_id)
    expect(if_match, await queries.in_full(work, recommendation_id))
    step = RECOMMENDATION.step(RecommendationState(recommendation.state), order.action)
    await _ACTS[order.action](work, recommendation, order)
    await _leave(work, recommendation, step)
    return recommendation.id


async def _leave(work: Work, recommendation: Recommendation, step: Step) -> None:
    recommendation.state = step.to.value
    await recorded(work, step.event, recommendation)


async def _submit(work: Work, recommendation: Recommendation, _order: Order) -> None:
    everybody = await addressed.of_recommendation(work, recommendation.id)
    draft = rules.Draft(
        text=recommendation.text,
        theme=recommendation.theme,
        scope=recommendation.scope_kind,
        root_cause_level=recommendation.root_cause_level,
        addressee_roles=[each.role for each in everybody],
        quality=recommendation.quality,
    )
    missing(rules.missing_for_submit(draft))
    recommendation.proposed_by = addressees.person_of(work)


async def _return(_work: Work, recommendation: Recommendation, order: Order) -> None:
    recommendation.remarks = _reason(order)


async def _consult(_work: Work, _recommendation: Recommendation, _order: Order) -> None:
    return


async def _approve(work: Work, recommendation: Recommendation, _order: Order) -> None:
    second_person(work, recommendation.proposed_by, recommendation.created_by)
    basis = recommendation.stated_basis
    missing(rules.missing_for_approval(finding_count=len(recommendation.finding_ids), stated_basis=basis))
    recommendation.approved_by = addressees.person_of(work)


async def _withdraw_approval(work: Work, recommendation: Recommendation, order: Order) -> None:
    if await known.report_state(work, recommendation.report_id) in _LAID_OPEN:
        raise Conflict("its report is approved already", code="report_approved")
    recommendation.remarks, recommendation.approved_by = _reason(order), None


async def _transmit(work: Work, recommendation: Recommendation, _order: Order) -> None:
    everybody = await addressed.of_recommendation(work, recommendation.id)
    await addressees.refuse_unknown(work, everybody)
    for addressee in everybody:
        await addressees.request(work, addressee)
    missing(rules.missing_for_transmission(addressees.due_dates(everybody)))
    recommendation.transmitted_on = await work.today()


async def _publish(work: Work, recommendation: Recommendation, order: Order) -> None:
    if recommendation.published_on is not None:
        raise Conflict("it is public already", code="already_published")
    if recommendation.state != RecommendationState.CLOSED:
        await _look_again(work, recommendation, order.next_follow_up_on)
    recommendation.published_on = await work.today()


async def _start_follow_up(work: Work, recommendation: Recommendation, order: Order) -> None:
    if recommendation.report_id and await known.report_state(work, recommendation.report_id) != "withheld":
        raise Conflict("it is followed up once its report is published or withheld", code="report_open")
    await _look_again(work, recommendation, order.next_follow_up_on)


async def _close(work: Work, recommendation: Recommendation, order: Order) -> None:
    if order.superseded_by_id is not None:
        later = await queries.lock(work, order.superseded_by_id)
        if later.id == recommendation.id:
            invalid("/superseded_by_id", "itself", "it cannot take its own place")
        recommendation.superseded_by_id = later.id
    status = (
        ImplementationStatus(recommendation.implementation_status) if recommendation.implementation_status else None
    )
    missing(rules.missing_for_closing(status, superseded=order.superseded_by_id is not None, reason=order.reason))
    recommendation.closed_on, recommendation.closed_reason = await work.today(), order.reason or ""
    await addressees.release_open(work, recommendation.id, "the recommendation was closed")


async def _reopen(work: Work, recommendation: Recommendation, order: Order) -> None:
    if order.ground is None:
        invalid("/ground", "missing", "say why it is taken up again")
    await _look_again(work, recommendation, order.next_follow_up_on)
    recommendation.closed_on, recommendation.closed_reason, recommendation.superseded_by_id = None, "", None
    recommendation.remarks = order.ground.value


async def _withdraw(work: Work, recommendation: Recommendation, order: Order) -> None:
    recommendation.withdrawal_reason = _reason(order)
    await addressees.release_open(work, recommendation.id, "the recommendation was withdrawn")


async def _drop(work: Work, recommendation: Recommendation, order: Order) -> None:
    recommendation.remarks = _reason(order)
    await addressees.release_open(work, recommendation.id, "the recommendation was dropped")


_ACTS = {
    RecommendationAction.SUBMIT: _submit,
    RecommendationAction.RETURN: _return,
    RecommendationAction.CONSULT: _consult,
    RecommendationAction.APPROVE: _approve,
    RecommendationAction.WITHDRAW_APPROVAL: _withdraw_approval,
    RecommendationAction.TRANSMIT: _transmit,
    RecommendationAction.PUBLISH: _publish,
    RecommendationAction.START_FOLLOW_UP: _start_follow_up,
    RecommendationAction.CLOSE: _close,
    RecommendationAction.REOPEN: _reopen,
    RecommendationAction.WITHDRAW: _withdraw,
    RecommendationAction.DROP: _drop,
}


def _reason(order: Order) -> str:
    if not order.reason:
        invalid("/reason", "missing", "say why")
    return order.reason


async def _look_again(work: Work, recommendation: Recommendation, asked: date | None) -> None:
    """Set when it is looked at again: follow-up is continuous until the recommendation is closed (R-R24)."""
    today = await work.today()
    if asked is not None and asked < today:
        invalid("/next_follow_up_on", "past", "this day has passed")
    recommendation.next_follow_up_on = asked or recommendation.next_follow_up_on
    missing(rules.missing_for_follow_up(recommendation.next_follow_up_on, today))


async def publish_with_report(work: Work, report_id: UUID) -> None:
    """Publish what was sent out of a report, because the report was published; drafts stay drafts."""
    today = await work.today()
    for recommendation_id in await queries.unpublished_of(work, report_id):
        recommendation = await queries.lock(work, recommendation_id)
        step = RECOMMENDATION.step(RecommendationState(recommendation.state), RecommendationAction.PUBLISH)
        last_day = today + timedelta(days=rules.FOLLOW_UP_AT_MOST_DAYS)
        recommendation.next_follow_up_on = recommendation.next_follow_up_on or last_day
        recommendation.published_on = today
        await _leave(work, recommendation, step)


async def keep_signal(work: Work, recommendation_id: UUID, level: str, count_band: str, as_of: date) -> Recommendation:
    """Keep what complaints say of implementation: a level and a band; it changes no status (R-R27)."""
    recommendation = await queries.lock(work, recommendation_id)
    recommendation.signal_level, recommendation.signal_count_band = level, count_band
    recommendation.signal_as_of = as_of
    await touch(work, recommendation)
    work.record(Event("recommendations.recommendation.signal_kept", recommendation.id, {"level": level}, leaves=False))
    return recommendation


async def comment_on_draft(work: Work, recommendation_id: UUID, text: str) -> UUID:
    """Say something of a draft of an own visit; the text stays the NPM's."""
    state = RecommendationState(await queries.state_of(work, recommendation_id))
    if state not in (*_EDITABLE, RecommendationState.DRAFT_CONSULTATION):
        raise Conflict("only a draft is commented on", code="illegal_transition")
    comment_id = uuid4()
    await queries.comment(work, comment_id, recommendation_id, text)
    told = {"recommendation_id": str(recommendation_id)}
    work.record(Event("recommendations.draft_comment.added", comment_id, told, leaves=False))
    return comment_id

"""Answering and reading answers: an authority drafts and submits, the NPM reviews, asks back, accepts.

No HTTP, no SQL, no clock of its own; what an authority claims is kept as a claim.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.recommendations.addressees import queries as addressed
from services.recommendations.addressees import usecases as addressees
from services.recommendations.addressees.tables import Addressee
from services.recommendations.assessments.rules import AssessmentTrigger
from services.recommendations.assessments.usecases import open_if_none
from services.recommendations.extension_requests import queries as extensions
from services.recommendations.recommendations import queries as recommendations
from services.recommendations.recommendations.usecases import missing
from services.recommendations.responses import queries, rules
from services.recommendations.responses.rules import (
    AUTHORITY_RESPONSE,
    RESPONSE,
    AnswerVersionState,
    AskedPart,
    AuthorityResponseAction,
    Obstacle,
    ResponseAction,
    ResponsePosition,
    ResponseState,
)
from services.recommendations.responses.schemas.authority import (
    AuthorityResponseCreate,
    AuthorityResponseTransition,
    AuthorityResponseUpdate,
)
from services.recommendations.responses.schemas.npm import PaperAnswer, ResponseTransition, ResponseUpdate
from services.recommendations.responses.tables import AuthorityResponse
from shared.db import Work
from shared.errors import Conflict, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch
from shared.texts import as_json

Asked = dict[str, Any]
_CONTENT = ("position", "measures", "planned_on", "obstacles", "needs", "reasons", "claimed_status")


async def draft_response(work: Work, recommendation_id: UUID, new: AuthorityResponseCreate) -> UUID:
    """Begin a version of the caller's answer; nobody but its authority sees it."""
    asked = await queries.lock_own(work, recommendation_id)
    state = ResponseState(asked["state"])
    if not rules.can_draft(state):
        raise Conflict(f"no version can be drafted while it is {state.label.lower()}", code="illegal_transition")
    version_id = uuid4()
    await queries.write(
        work,
        queries.DRAFT,
        id=version_id,
        addressee_id=asked["id"],
        recommendation_id=recommendation_id,
        authority_id=asked["stakeholder_id"],
        **_written(new.model_dump(mode="json"), new.planned_on),
    )
    step = AUTHORITY_RESPONSE.create[AuthorityResponseAction.DRAFT]
    work.record(Event(step.event, version_id, {"addressee_id": str(asked["id"])}, "AUT", leaves=False))
    return version_id


def _written(content: dict[str, Any], planned_on: date | None) -> dict[str, Any]:
    kept = {name: content[name] for name in _CONTENT}
    return {**kept, "measures": as_json(content["measures"]), "planned_on": planned_on}


async def update_response(
    work: Work, recommendation_id: UUID, version_id: UUID, if_match: str, changes: AuthorityResponseUpdate
) -> UUID:
    """Change a draft of the caller's answer; what was submitted stays as it was."""
    version = await queries.lock_version(work, recommendation_id, version_id)
    shown = await queries.own_version(work, recommendation_id, version_id)
    expect(if_match, shown)
    if version["state"] != AnswerVersionState.DRAFTING:
        raise Conflict("a submitted version stays; draft a new one", code="illegal_transition")
    present = AuthorityResponseCreate.model_validate_json(queries.content_of(shown))
    changed = present.model_copy(update={name: getattr(changes, name) for name in changes.model_fields_set})
    written = _written(changed.model_dump(mode="json"), changed.planned_on)
    await queries.write(work, queries.REDRAFT, version_id=version_id, **written)
    work.record(Event("recommendations.authority_response.changed", version_id, {}, "AUT", leaves=False))
    return version_id


async def transition_response(
    work: Work, recommendation_id: UUID, version_id: UUID, if_match: str, order: AuthorityResponseTransition
) -> UUID:
    """Submit or discard a draft of the caller's answer."""
    work.require_action(order.action.value)
    version = await queries.lock_version(work, recommendation_id, version_id)
    asked = await queries.lock_own(work, recommendation_id, addressee_id=version["addressee_id"])
    expect(if_match, await queries.own_version(work, recommendation_id, version_id))
    step = AUTHORITY_RESPONSE.step(AnswerVersionState(version["state"]), order.action)
    if order.action is AuthorityResponseAction.SUBMIT:
        await _submit(work, asked, version)
    else:
        await queries.write(work, queries.DISCARD, version_id=version_id)
    work.record(Event(step.event, version_id, {"addressee_id": str(asked["id"])}, "AUT", leaves=False))
    return version_id


async def _submit(work: Work, asked: Asked, version: Asked) -> None:
    """Hand a version in, together with the act of the answer that goes with it (R-R16, R-R17)."""
    missing(() if version["position"] else ("position",))
    action = rules.act_of_new_version(ResponseState(asked["state"]))
    step = RESPONSE.step(ResponseState(asked["state"]), action)
    today = await work.today()
    is_owed = action is not ResponseAction.REPORT_PROGRESS and asked["due_on"] is not None
    was_late = is_owed and rules.was_late(today, asked["due_on"])
    await queries.supersede(work, asked["id"])
    await queries.write(work, queries.SUBMIT, version_id=version["id"], was_late=was_late)
    await queries.write(work, queries.ANSWERED, addressee_id=asked["id"], state=step.to.value)
    await extensions.withdraw_open(work, asked["id"])
    told = submitted(asked["recommendation_id"], asked["id"], asked["stakeholder_id"], version["claimed_status"], today)
    work.record(Event(step.event, asked["id"], told, "AUT"))


def submitted(
    recommendation_id: UUID,
    addressee_id: UUID,
    authority_id: UUID,
    claimed_status: str | None,
    on: date,
    origin: str = "native",
) -> dict[str, Any]:
    """Give what other services keep of a submitted answer."""
    return {
        "recommendation_id": str(recommendation_id),
        "addressee_id": str(addressee_id),
        "authority_id": str(authority_id),
        "claimed_status": claimed_status,
        "submitted_on": on.isoformat(),
        "origin": origin,
    }


async def record_paper_answer(work: Work, addressee_id: UUID, new: PaperAnswer) -> UUID:
    """Enter an answer that came on paper, marked so; it counts like one that came through the API."""
    addressee = await addressed.lock(work, addressee_id)
    if new.submitted_on > await work.today():
        invalid("/submitted_on", "future", "it has not arrived yet")
    if new.position is None:
        invalid("/position", "missing", "say what the authority says")
    state = ResponseState(addressee.state)
    action = rules.act_of_new_version(state)
    if action is ResponseAction.REPLACE:
        raise Conflict("the authority itself replaces what it submitted", code="illegal_transition")
    step = RESPONSE.step(state, action)
    await _supersede_valid(work, addressee)
    is_owed = action is ResponseAction.SUBMIT and addressee.due_on is not None
    version = AuthorityResponse(
        **new.model_dump(mode="json", exclude={"planned_on", "submitted_on"}),
        **await stamps(work),
        planned_on=new.planned_on,
        submitted_on=new.submitted_on,
        was_late=is_owed and addressee.due_on is not None and rules.was_late(new.submitted_on, addressee.due_on),
        addressee_id=addressee.id,
        recommendation_id=addressee.recommendation_id,
        authority_id=addressee.stakeholder_id,
        number=await queries.next_number(work, addressee.id),
        state=AnswerVersionState.SUBMITTED.value,
        channel="paper",
    )
    work.session.add(version)
    addressee.state, addressee.answered_on = step.to.value, addressee.answered_on or new.submitted_on
    await touch(work, addressee)
    await extensions.withdraw_open(work, addressee.id)
    claimed = new.claimed_status.value if new.claimed_status else None
    told = submitted(addressee.recommendation_id, addressee.id, addressee.stakeholder_id, claimed, new.submitted_on)
    work.record(Event(step.event, addressee.id, told, "AUT"))
    return addressee.id


async def _supersede_valid(work: Work, addressee: Addressee) -> None:
    before = await queries.valid_version(work, addressee.id)
    if before is not None:
        before.state = AnswerVersionState.SUPERSEDED.value
        await touch(work, before)
        await work.flush()


async def update_publication(work: Work, addressee_id: UUID, if_match: str, changes: ResponseUpdate) -> UUID:
    """Choose how much of the valid answer is published (R-R23)."""
    addressee = await addressed.lock(work, addressee_id)
    expect(if_match, await queries.in_full(work, addressee_id))
    version = await queries.valid_version(work, addressee.id)
    if version is None:
        raise Conflict("there is no answer yet", code="no_answer")
    version.publication = changes.publication.value
    await touch(work, version)
    told = {"publication": changes.publication.value}
    work.record(Event("recommendations.response.publication_chosen", addressee_id, told, leaves=False))
    return addressee_id


async def review_response(work: Work, addressee_id: UUID, if_match: str, order: ResponseTransition) -> UUID:
    """Take one step of the NPM's on what an addressee owes."""
    work.require_action(order.action.value)
    addressee = await addressed.lock(work, addressee_id)
    expect(if_match, await queries.in_full(work, addressee_id))
    step = RESPONSE.step(ResponseState(addressee.state), order.action)
    if order.action in (ResponseAction.ASK_AGAIN, ResponseAction.RELEASE):
        await _ask_or_release(work, addressee, order)
        return addressee_id
    if order.action is ResponseAction.START_REVIEW:
        answered = addressee.answered_on.isoformat() if addressee.answered_on else None
        addressee.clarifications = [
            {**each, "answered_on": each["answered_on"] or answered} for each in addressee.clarifications
        ]
    elif order.action is ResponseAction.REQUEST_CLARIFICATION:
        await _ask_back(work, addressee, order)
    else:
        await _accept(work, addressee)
    addressee.state = step.to.value
    await touch(work, addressee)
    work.record(Event(step.event, addressee.id, addressees.told(addressee)))
    return addressee_id


async def _ask_or_release(work: Work, addressee: Addressee, order: ResponseTransition) -> None:
    if not order.reason:
        invalid("/reason", "missing", "say why")
    if order.action is ResponseAction.RELEASE:
        await extensions.withdraw_open(work, addressee.id)
        await addressees.release(work, addressee, order.reason)
        return
    recommendation = await recommendations.lock(work, addressee.recommendation_id)
    if recommendation.state != "in_follow_up":
        raise Conflict("only what is in follow-up is asked again", code="illegal_transition")
    await addressees.request(work, addressee, working_days=order.working_days, reason=order.reason)


async def _ask_back(work: Work, addressee: Addressee, order: ResponseTransition) -> None:
    if not order.question:
        invalid("/question", "missing", "say what is not clear")
    today = await work.today()
    days = order.working_days or rules.CLARIFICATION_WORKING_DAYS
    addressees.set_deadline(addressee, addressees.calendar_of(work).due_after(today, working_days=days))
    asked = {"question": order.question, "asked_on": today.isoformat(), "answered_on": None}
    addressee.clarifications = [*addressee.clarifications, asked]
    addressee.answered_on = None


async def _accept(work: Work, addressee: Addressee) -> None:
    """Find an answer complete: it says what was asked, whether or not it accepts; then it is time to look (R-R22)."""
    version = await queries.valid_version(work, addressee.id)
    if version is None:
        raise Conflict("there is no answer", code="no_answer")
    answer = rules.Answer(
        position=ResponsePosition(version.position) if version.position else None,
        measure_count=len(version.measures),
        planned_date=version.planned_on,
        obstacles=[Obstacle(each) for each in version.obstacles],
        needs=version.needs,
        reasons=version.reasons,
    )
    missing(rules.missing_for_completion(answer, [AskedPart(part) for part in addressee.asked_parts]))
    await open_if_none(work, addressee.recommendation_id, AssessmentTrigger.RESPONSE_COMPLETED)

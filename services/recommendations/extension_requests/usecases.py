"""Asking for more time and deciding on it; a due date moves here, by a grant, and nowhere else (R-R21)."""

from uuid import UUID, uuid4

from services.recommendations.addressees import queries as addressed
from services.recommendations.addressees.usecases import calendar_of, explained, person_of, told
from services.recommendations.extension_requests import queries, rules
from services.recommendations.extension_requests.rules import (
    EXTENSION_REQUEST,
    ExtensionRequestAction,
    ExtensionRequestState,
)
from services.recommendations.extension_requests.schemas import (
    AuthorityExtensionRequestCreate,
    AuthorityExtensionRequestTransition,
    ExtensionRequestTransition,
)
from services.recommendations.extension_requests.tables import ExtensionRequest
from services.recommendations.responses import queries as responses
from shared.calendar import Deadline
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import touch

#: How a grant is signed in the explanation that authorities read: the office, never a person.
OFFICE = "the NPM"


def _refuse(hindrances: tuple[str, ...]) -> None:
    if hindrances:
        raise Conflict("; ".join(hindrances), errors=[FieldError("", "hindrance", each) for each in hindrances])


async def ask_extension(work: Work, recommendation_id: UUID, new: AuthorityExtensionRequestCreate) -> UUID:
    """Ask for more time; the date stands until it is granted."""
    asked = await responses.lock_own(work, recommendation_id)
    if asked["due_on"] is None:
        raise Conflict("no answer is asked for", code="illegal_transition")
    _refuse(
        rules.hindrances_to_asking(
            response_state=asked["state"],
            asked_until=new.asked_until,
            due_on=asked["due_on"],
            today=await work.today(),
            is_one_open=await queries.is_one_open(work, asked["id"]),
        )
    )
    request_id = uuid4()
    await queries.ask(
        work,
        id=request_id,
        addressee_id=asked["id"],
        recommendation_id=recommendation_id,
        authority_id=asked["stakeholder_id"],
        asked_until=new.asked_until,
        reason=new.reason,
    )
    facts = {"addressee_id": str(asked["id"]), "authority_id": str(asked["stakeholder_id"])}
    work.record(Event(EXTENSION_REQUEST.create[ExtensionRequestAction.ASK].event, request_id, facts, "AUT"))
    return request_id


async def withdraw_extension(
    work: Work, recommendation_id: UUID, request_id: UUID, if_match: str, order: AuthorityExtensionRequestTransition
) -> UUID:
    """Take a request back."""
    work.require_action(order.action)
    await responses.lock_own(work, recommendation_id)
    request = await queries.own_row(work, recommendation_id, request_id)
    expect(if_match, await queries.own(work, recommendation_id, request_id))
    step = EXTENSION_REQUEST.step(ExtensionRequestState(request["state"]), ExtensionRequestAction.WITHDRAW)
    await queries.withdraw_open(work, request["addressee_id"])
    work.record(Event(step.event, request_id, {"addressee_id": str(request["addressee_id"])}, "AUT"))
    return request_id


async def decide_extension(work: Work, request_id: UUID, if_match: str, order: ExtensionRequestTransition) -> UUID:
    """Grant or refuse more time; a grant moves the date and keeps its history."""
    work.require_action(order.action.value)
    request = await queries.lock(work, request_id)
    expect(if_match, await queries.in_full(work, request_id))
    step = EXTENSION_REQUEST.step(ExtensionRequestState(request.state), order.action)
    if not order.reason:
        invalid("/reason", "missing", "say why; the authority reads it")
    if order.action is ExtensionRequestAction.GRANT:
        await _grant(work, request, order, order.reason)
    request.state, request.decision_reason = step.to.value, order.reason
    request.decided_on, request.decided_by = await work.today(), person_of(work)
    await touch(work, request)
    work.record(Event(step.event, request.id, {"addressee_id": str(request.addressee_id)}))
    return request.id


async def _grant(work: Work, request: ExtensionRequest, order: ExtensionRequestTransition, reason: str) -> None:
    addressee = await addressed.lock(work, request.addressee_id)
    if addressee.deadline is None or addressee.due_on is None:
        raise Conflict("no answer is asked for", code="illegal_transition")
    until = order.until or request.asked_until
    _refuse(rules.hindrances_to_granting(granted_until=until, due_on=addressee.due_on, reason=reason))
    deadline = Deadline.from_json(addressee.deadline)
    moved = calendar_of(work).extend(deadline, until=until, by=OFFICE, reason=reason)
    addressee.deadline, addressee.due_on = explained(moved), moved.due_on
    request.granted_until = moved.due_on
    await touch(work, addressee)
    work.record(Event("recommendations.response.due_date_moved", addressee.id, told(addressee)))

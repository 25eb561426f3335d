"""The steps of a complaint, each with its guard. Nothing goes out that could reveal a person without what allows it."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.complaints.complaint_steps.schemas import ComplaintTransition
from services.complaints.complaints import queries, rules, usecases
from services.complaints.complaints.rules import COMPLAINT, ActionKind, ComplaintAction, ComplaintState
from services.complaints.complaints.tables import Complaint
from services.complaints.complaints.usecases import refuse_missing
from services.complaints.consents.rules import ConsentPurpose, ConsentState, ContentLevel, Terms, covers
from shared.db import Work
from shared.errors import Conflict, invalid
from shared.records import touch

#: What a consent must name for an action that goes out.
_PURPOSES = {
    ActionKind.RAISE_WITH_MANAGEMENT: ConsentPurpose.RAISE_WITH_MANAGEMENT,
    ActionKind.NOTIFY_AUTHORITY: ConsentPurpose.RAISE_WITH_MANAGEMENT,
    ActionKind.RECOMMEND: ConsentPurpose.USE_IN_REPORT,
    ActionKind.REFER: ConsentPurpose.REFER,
}


async def transition_complaint(work: Work, complaint_id: UUID, if_match: str, order: ComplaintTransition) -> UUID:
    """Take one step of the machine."""
    work.require_action(order.action.value)
    complaint = await usecases.taken(work, complaint_id, if_match)
    step = COMPLAINT.step(ComplaintState(complaint.state), order.action)
    _require_function(work, complaint, step.by)
    await _GUARDS[order.action](work, complaint, order)
    complaint.state = step.to.value
    await usecases.seal_reason(work, complaint, order.reason)
    await touch(work, complaint)
    usecases.recorded(work, complaint, step)
    return complaint.id


def _require_function(work: Work, complaint: Complaint, by: frozenset[str]) -> None:
    if "complaints_officer" in by:
        return
    person = work.caller.person
    handles = any(each["person_id"] == person and each["role"] == "handler" for each in complaint.assignments)
    if not handles:
        raise Conflict("only the handler of the case does this", code="not_handler")


def _need_reason(order: ComplaintTransition) -> None:
    if not order.reason:
        invalid("/reason", "missing", "say why")


async def _guard_record(_work: Work, complaint: Complaint, _order: ComplaintTransition) -> None:
    refuse_missing(usecases.missing_for_record(complaint))


async def _guard_assess(work: Work, complaint: Complaint, order: ComplaintTransition) -> None:
    if order.position is not None:
        today = await work.today()
        complaint.position_assessment = {**order.position.model_dump(mode="json"), "assessed_on": str(today)}
    receipt = complaint.acknowledgement or {}
    settled = rules.is_acknowledgement_settled(
        sent_on=_day(receipt.get("sent_on")),
        is_unsafe=bool(receipt.get("is_unsafe")),
        is_impossible=bool(receipt.get("is_impossible")),
    )
    has_position = complaint.position_assessment is not None
    refuse_missing(rules.missing_for_assessment(is_best_place_judged=has_position, is_acknowledgement_settled=settled))


async def _guard_classify(_work: Work, complaint: Complaint, _order: ComplaintTransition) -> None:
    usecases.refuse_incomplete(complaint)
    complaint.was_classified = True


async def _guard_decide(work: Work, complaint: Complaint, order: ComplaintTransition) -> None:
    if not order.actions:
        invalid("/actions", "missing", "decide at least one action; pattern_only counts")
    today = str(await work.today())
    complaint.actions = [
        {**each.model_dump(mode="json"), "id": str(uuid4()), "decided_on": today, "started_on": None}
        for each in order.actions
    ]


async def _guard_start(work: Work, complaint: Complaint, _order: ComplaintTransition) -> None:
    """Look at every consent in this very transaction: a withdrawal of a moment ago counts."""
    today = await work.today()
    named = [UUID(each["consent_id"]) for each in complaint.actions if each["consent_id"]]
    consents = await queries.consent_terms(work, complaint.id, named)
    held_back = [each["kind"] for each in complaint.actions if not _may_go_out(each, consents, today)]
    if held_back:
        raise Conflict(
            f"consent, an approved disclosure or an anonymised form is missing: {', '.join(held_back)}",
            code="not_covered",
        )
    complaint.actions = [{**each, "started_on": str(today)} for each in complaint.actions]


def _may_go_out(action: dict[str, Any], consents: dict[str, dict[str, Any]], today: date) -> bool:
    kind = ActionKind(action["kind"])
    row = consents.get(str(action["consent_id"]))
    purpose = _PURPOSES.get(kind)
    covered = (
        row is not None
        and purpose is not None
        and covers(terms_of(row), purpose, recipient=action["recipient"] or "", content_level=None, on=today)
    )
    planned = rules.PlannedAction(
        kind=kind,
        has_valid_consent=covered,
        is_anonymised=action["is_anonymised"],
        unit_population=action["unit_population"],
    )
    return rules.can_go_out(planned)


def terms_of(row: dict[str, Any]) -> Terms:
    """Read what a consent says."""
    return Terms(
        state=ConsentState(row["state"]),
        purposes=tuple(ConsentPurpose(each) for each in row["purposes"]),
        recipients=tuple(row["recipients"]),
        content_level=ContentLevel(row["content_level"]) if row["content_level"] else None,
        given_on=row["given_on"] or date.max,
        expires_on=row["expires_on"],
        withdrawn_on=row["withdrawn_on"],
    )


async def _guard_outcome(_work: Work, complaint: Complaint, order: ComplaintTransition) -> None:
    if order.outcome is None:
        invalid("/outcome", "missing", "say what came of it")
    complaint.outcome = order.outcome.model_dump(mode="json")


async def _guard_close(_work: Work, complaint: Complaint, order: ComplaintTransition) -> None:
    closing = rules.Closing(
        state=ComplaintState(complaint.state),
        action_kinds=[ActionKind(each["kind"]) for each in complaint.actions],
        seriousness=rules.Seriousness(complaint.seriousness or "low"),
        is_emblematic=complaint.is_emblematic,
        is_person_told_or_unsafe=order.is_person_told_or_unsafe,
    )
    refuse_missing(rules.missing_for_closing(closing))


async def _guard_stop(_work: Work, _complaint: Complaint, order: ComplaintTransition) -> None:
    refuse_missing(
        rules.missing_for_stopping(
            person_asked=order.person_asked,
            is_pressure_ruled_out=order.is_pressure_ruled_out,
            has_reprisal_case=False,
        )
    )


async def _guard_reopen(_work: Work, complaint: Complaint, order: ComplaintTransition) -> None:
    _need_reason(order)
    if rules.way_back(was_classified=complaint.was_classified) is not ComplaintAction.REOPEN:
        raise Conflict("it was stopped before classification: take it up again", code="never_classified")


async def _guard_take_up(_work: Work, complaint: Complaint, order: ComplaintTransition) -> None:
    if rules.way_back(was_classified=complaint.was_classified) is not ComplaintAction.TAKE_UP_AGAIN:
        raise Conflict("it was classified: reopen it", code="was_classified")
    if not order.person_asked:
        refuse_missing(("the person's request",))


async def _guard_merge(work: Work, complaint: Complaint, order: ComplaintTransition) -> None:
    if order.into_id is None:
        invalid("/into_id", "missing", "say which complaint this one is the same matter as")
    other = await queries.lock(work, order.into_id)
    if other.id == complaint.id or other.state == ComplaintState.MERGED:
        raise Conflict("the other one is this one, or is merged itself", code="not_mergeable")
    complaint.duplicate_of = other.id


async def _guard_separate(_work: Work, complaint: Complaint, order: ComplaintTransition) -> None:
    _need_reason(order)
    complaint.duplicate_of = None


def _day(written: Any) -> date | None:
    return date.fromisoformat(written) if written else None


_GUARDS = {
    ComplaintAction.RECORD: _guard_record,
    ComplaintAction.ASSESS: _guard_assess,
    ComplaintAction.CLASSIFY: _guard_classify,
    ComplaintAction.DECIDE_ACTION: _guard_decide,
    ComplaintAction.START_ACTION: _guard_start,
    ComplaintAction.RECORD_OUTCOME: _guard_outcome,
    ComplaintAction.CLOSE: _guard_close,
    ComplaintAction.STOP_AT_REQUEST: _guard_stop,
    ComplaintAction.REOPEN: _guard_reopen,
    ComplaintAction.TAKE_UP_AGAIN: _guard_take_up,
    ComplaintAction.MERGE: _guard_merge,
    ComplaintAction.SEPARATE: _guard_separate,
}

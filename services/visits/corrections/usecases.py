"""Authorities correct objective facts and nothing else; the NPM accepts or rejects each correction with a reason.

Content, analysis, findings and recommendations stay the NPM's (R-V94).
"""

from typing import Any
from uuid import UUID, uuid4

from services.visits.corrections import queries
from services.visits.corrections.schemas.authority import AuthorityCorrectionProposal, AuthorityCorrectionTransition
from services.visits.corrections.schemas.npm import CorrectionTransition
from services.visits.reports import queries as reports
from services.visits.reports.rules import contents, guards
from services.visits.reports.rules.guards import CorrectionRefusal
from services.visits.reports.rules.status import (
    FACTUAL_CORRECTION,
    CorrectionAction,
    CorrectionStatus,
    FactSource,
    ReportStatus,
    SnapshotPurpose,
    TransmissionStatus,
)
from services.visits.reports.tables import FactualCorrection, Report
from services.visits.transmissions import queries as transmissions
from shared.db import Work
from shared.errors import Conflict, FieldError, Unprocessable, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import touch

_NOT_FACTS = frozenset({CorrectionRefusal.NOT_A_FACT, CorrectionRefusal.NOT_IN_SNAPSHOT})


def _told(report_id: Any, authority_id: Any, fact_item_id: Any, status: str) -> dict[str, Any]:
    """What other services may know of a correction: never its values."""
    return {
        "report_id": str(report_id),
        "authority_id": str(authority_id),
        "fact_item_id": str(fact_item_id),
        "status": status,
    }


async def propose_correction(work: Work, snapshot_id: UUID, new: AuthorityCorrectionProposal) -> UUID:
    """Propose another value for a fact item of a draft that the caller's authority was sent."""
    state = await transmissions.received_state(work, snapshot_id)
    items = {item["id"]: item for item in state["fact_items"]}
    _judge(work, new, state, items, await work.today())
    item = items[str(new.target_id)]
    correction_id = uuid4()
    await queries.propose(
        work,
        id=correction_id,
        report_id=state["report_id"],
        snapshot_id=snapshot_id,
        authority_id=UUID(work.caller.authority_id),
        fact_item_id=new.target_id,
        fact_name=item["name"],
        stated_value=item["value"],
        proposed_value=new.proposed_value,
        evidence=new.evidence,
    )
    event = FACTUAL_CORRECTION.create[CorrectionAction.PROPOSE].event
    told = _told(state["report_id"], state["recipient_id"], new.target_id, CorrectionStatus.PROPOSED.value)
    work.record(Event(event, correction_id, told, confidentiality="AUT"))
    return correction_id


def _judge(
    work: Work, new: AuthorityCorrectionProposal, state: dict[str, Any], items: dict[str, Any], today: Any
) -> None:
    """Refuse what is no fact of this draft with one answer, whatever else it is: nobody learns what exists behind it."""
    is_draft = state["purpose"] == SnapshotPurpose.DRAFT_SHARED
    rule = guards.Transmission(
        authority_id=str(state["recipient_id"]),
        status=TransmissionStatus(state["status"]) if is_draft else TransmissionStatus.CLOSED_UNANSWERED,
        due_on=state["due_on"],
        fact_item_ids=frozenset(items),
    )
    refusals = guards.correction_refusals(
        new.target, str(new.target_id), rule, authority_id=work.caller.authority_id, today=today
    )
    if _NOT_FACTS.intersection(refusals):
        detail = CorrectionRefusal.NOT_A_FACT.label
        raise Unprocessable(detail, code="only_facts", errors=[FieldError("/target_id", "only_facts", detail)])
    if refusals:
        raise Conflict(
            "; ".join(each.label for each in refusals),
            errors=[FieldError("", each.value, each.label) for each in refusals],
        )


async def withdraw_correction(
    work: Work, snapshot_id: UUID, correction_id: UUID, if_match: str, order: AuthorityCorrectionTransition
) -> UUID:
    """Take an own correction back."""
    work.require_action(order.action.value)
    expect(if_match, await queries.own(work, snapshot_id, correction_id))
    state = await queries.own_state(work, correction_id)
    step = FACTUAL_CORRECTION.step(CorrectionStatus(state["status"]), order.action)
    if not await queries.withdraw(work, correction_id):
        raise Conflict("it has been decided meanwhile")
    told = _told(state["report_id"], state["authority_id"], state["fact_item_id"], step.to.value)
    work.record(Event(step.event, correction_id, told, confidentiality="AUT"))
    return correction_id


async def decide_correction(
    work: Work, report_id: UUID, correction_id: UUID, if_match: str, order: CorrectionTransition
) -> UUID:
    """Accept a correction, which changes the fact item of the working draft, or reject it. Both with a reason (R-V95)."""
    work.require_action(order.action.value)
    report = await reports.lock(work, report_id)
    correction = await queries.lock(work, report_id, correction_id)
    expect(if_match, await queries.in_full(work, report_id, correction_id))
    step = FACTUAL_CORRECTION.step(CorrectionStatus(correction.status), order.action)
    if not order.reason:
        invalid("/reason", "missing", "say why; the authority reads it")
    if ReportStatus(report.status) not in contents.CORRECTABLE:
        raise Conflict(
            f"corrections are decided while the draft is with authorities or in review; it is {report.status}"
        )
    if order.action is CorrectionAction.ACCEPT:
        await _take_over(work, report, correction)
    correction.status, correction.reason = step.to.value, order.reason
    correction.decided_on, correction.decided_by = await work.today(), work.caller.person
    await touch(work, correction)
    told = _told(report.id, correction.authority_id, correction.fact_item_id, step.to.value)
    work.record(Event(step.event, correction.id, told, confidentiality="AUT"))
    return correction.id


async def _take_over(work: Work, report: Report, correction: FactualCorrection) -> None:
    """Change the value in the working draft; what was frozen for others stays as it was sent."""
    corrected = {"value": correction.proposed_value, "supplied_by": FactSource.AUTHORITY.value}
    report.fact_items = [
        {**item, **corrected} if item["id"] == str(correction.fact_item_id) else item for item in report.fact_items
    ]
    await touch(work, report)

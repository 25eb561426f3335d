"""What people do with reports, from the first draft to publication. No HTTP, no SQL, no clock of its own.

Every act tells all that is missing at once. A text that was approved is never changed; an erratum makes a new edition.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

from services.visits.report_comments import usecases as comments
from services.visits.reports import queries
from services.visits.reports.rules import contents, guards
from services.visits.reports.rules.guards import Invitation
from services.visits.reports.rules.status import (
    REPORT,
    CommentStatus,
    CorrectionStatus,
    ReportAction,
    ReportKind,
    ReportStatus,
    SnapshotPurpose,
)
from services.visits.reports.schemas.npm import ReportCreate, ReportTransition, ReportUpdate
from services.visits.reports.tables import Report
from services.visits.transmissions import usecases as transmissions
from shared.db import Work
from shared.errors import Conflict, FieldError, Forbidden, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import next_number, stamps, touch
from shared.workflow import Step

_PARTS = ("sections", "annex", "fact_items")


def _told(report: Report) -> dict[str, Any]:
    """What other services keep of a report."""
    return {
        "id": str(report.id),
        "code": report.code,
        "kind": report.kind,
        "title": report.title,
        "status": report.status,
        "place_ids": [str(each) for each in report.place_ids],
        "visit_ids": [str(each) for each in report.visit_ids],
        "recommendation_ids": [str(each) for each in report.recommendation_ids],
    }


def _person(work: Work) -> str:
    """Give the human behind the account: two-person rules compare persons."""
    return work.caller.person


async def draft_report(work: Work, new: ReportCreate) -> UUID:
    """Begin a report; without places of its own it speaks of those of its visits."""
    if new.kind is ReportKind.VISIT and not new.visit_ids:
        invalid("/visit_ids", "missing", "a visit report names its visits")
    if await queries.unknown(work, queries.VISITS, "visit_ids", new.visit_ids):
        invalid("/visit_ids", "unknown_visit", "a visit is not known here")
    place_ids = new.place_ids or await queries.places_of(work, new.visit_ids)
    await _check_references(work, place_ids, new.finding_ids)
    parts: dict[str, Any] = {
        name: _numbered(part) for name, part in new.model_dump(mode="json", include=set(_PARTS)).items()
    }
    report = Report(
        **await stamps(work),
        code=await next_number(work, "report", "REP"),
        kind=new.kind.value,
        title=new.title,
        status=REPORT.initial.value,
        drafter_id=new.drafter_id or UUID(_person(work)),
        visit_ids=new.visit_ids,
        place_ids=place_ids,
        finding_ids=new.finding_ids,
        recommendation_ids=new.recommendation_ids,
        **parts,
    )
    await _require_team(work, report)
    work.session.add(report)
    work.record(Event(REPORT.create[ReportAction.DRAFT].event, report.id, _told(report), leaves=False))
    return report.id


async def update_report(work: Work, report_id: UUID, if_match: str, changes: ReportUpdate) -> UUID:
    """Change a report that is being written."""
    report = await queries.lock(work, report_id)
    expect(if_match, await queries.in_full(work, report_id))
    if ReportStatus(report.status) not in contents.WRITABLE:
        raise Conflict(f"the text cannot be changed while {report.status}")
    sent: dict[str, Any] = {name: getattr(changes, name) for name in changes.model_fields_set}
    await _check_references(work, sent.get("place_ids", []), sent.get("finding_ids", []))
    for name, value in sent.items():
        setattr(report, name, _numbered(changes.model_dump(mode="json")[name]) if name in _PARTS else value)
    await touch(work, report)
    work.record(Event("visits.report.changed", report.id, _told(report), leaves=False))
    return report.id


async def _check_references(work: Work, place_ids: list[UUID], finding_ids: list[UUID]) -> None:
    if len(await queries.place_names(work, place_ids)) < len(set(place_ids)):
        invalid("/place_ids", "unknown_place", "a place is not known here")
    if len(await queries.sources_of(work, finding_ids)) < len(set(finding_ids)):
        invalid("/finding_ids", "unknown_finding", "a finding is not known here")


async def _require_team(work: Work, report: Report) -> None:
    """A report on visits is drafted by their teams, the head and members: nobody else sees it being written."""
    if not report.visit_ids or work.caller.roles & {"head", "member"}:
        return
    if not await queries.functions_held(work, report.visit_ids, _person(work)):
        raise Forbidden


def _numbered(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give new parts an id; corrections and comments point to it."""
    return [{**part, "id": part["id"] or str(uuid4())} for part in parts]


async def transition_report(work: Work, report_id: UUID, if_match: str, order: ReportTransition) -> UUID:
    """Take a report one step on."""
    work.require_action(order.action.value)
    report = await queries.lock(work, report_id)
    expect(if_match, await queries.in_full(work, report_id))
    step = REPORT.step(ReportStatus(report.status), order.action)
    await _require_function(work, report, order.action, step)
    await _ACTS.get(order.action, _with_reason)(work, report, order)
    report.status = step.to.value
    await touch(work, report)
    work.record(Event(step.event, report.id, _told(report), leaves=order.action in contents.LEAVING))
    return report.id


async def _require_function(work: Work, report: Report, action: ReportAction, step: Step) -> None:
    """The decision scope stands for head, approver and contact; drafter is who drafts, by the report or by a role in its visit."""
    held = set(work.caller.roles)
    if action is ReportAction.SUBMIT:
        held |= await queries.functions_held(work, report.visit_ids, _person(work))
        held |= {"drafter"} if str(report.drafter_id) == _person(work) else set()
    else:
        held |= {"approver", "authority_contact", "head"}
    if not held & step.by:
        raise Forbidden


async def _with_reason(work: Work, report: Report, order: ReportTransition) -> None:
    if not order.reason:
        invalid("/reason", "missing", "say why")
    remark = {"action": order.action.value, "on": str(await work.today()), "text": order.reason}
    report.remarks = [*report.remarks, remark]


async def _submit(work: Work, report: Report, _order: ReportTransition) -> None:
    sources = await queries.sources_of(work, report.finding_ids)
    transmissions.refuse_gaps(
        guards.submission_gaps(
            sections=len(report.sections), sources_of_findings=sources, fact_items=len(report.fact_items)
        )
    )
    # R-V91: every expert who took part gets the chance to comment, without anybody having to think of it
    await comments.invite_all(work, report, await queries.experts_of(work, report.visit_ids))


async def _invitations(work: Work, report: Report) -> dict[str, Any]:
    """Give what the guards ask about experts."""
    invited = [
        Invitation(expert_id=str(row["person_id"]), status=CommentStatus(row["status"]), due_on=row["due_on"])
        for row in await queries.invitations(work, report.id)
    ]
    experts = frozenset(str(each) for each in await queries.experts_of(work, report.visit_ids))
    return {"expert_ids": experts, "invitations": invited, "today": await work.today()}


async def _clear(work: Work, report: Report, _order: ReportTransition) -> None:
    restricted = contents.holds_restricted(report.sections)
    transmissions.refuse_gaps(
        guards.clearance_gaps(**await _invitations(work, report), holds_restricted_content=restricted)
    )


async def _share_draft(work: Work, report: Report, order: ReportTransition) -> None:
    planned = await transmissions.planned(work, order.recipients)
    transmissions.refuse_gaps(
        (
            *guards.sharing_gaps(
                [each.as_rule() for each in planned], is_marked_confidential=order.is_marked_confidential
            ),
            *(gap for each in planned for gap in each.gaps()),
        )
    )
    for each in planned:
        await transmissions.send(work, report, each)


async def _collect_corrections(work: Work, report: Report, _order: ReportTransition) -> None:
    sent = await transmissions.of_report(work, report.id)
    transmissions.refuse_gaps(guards.collection_gaps(sent, await work.today()))
    await transmissions.leave(work, report.id, recalled_for=None)


async def _recall_draft(work: Work, report: Report, order: ReportTransition) -> None:
    await _with_reason(work, report, order)
    await transmissions.leave(work, report.id, recalled_for=order.reason)


async def _approve(work: Work, report: Report, _order: ReportTransition) -> None:
    alone = FieldError("", "two_persons", "somebody else than the drafter approves a report")
    is_second = contents.is_second_person(_person(work), {str(report.drafter_id), report.created_by})
    gaps = guards.approval_gaps(
        **await _invitations(work, report),
        corrections=[CorrectionStatus(each) for each in await queries.correction_states(work, report.id)],
        are_recommendations_approved=await queries.are_approved(work, report.recommendation_ids),
    )
    transmissions.refuse_gaps(gaps, *([] if is_second else [alone]))
    report.approved_by, report.approved_on = _person(work), await work.today()
    await transmissions.freeze(work, report, SnapshotPurpose.APPROVED)


async def _withdraw_approval(work: Work, report: Report, order: ReportTransition) -> None:
    await _with_reason(work, report, order)
    report.approved_by = report.approved_on = None
    report.edition += 1


async def _transmit(work: Work, report: Report, order: ReportTransition) -> None:
    planned = await transmissions.planned(work, order.recipients)
    transmissions.refuse_gaps(guards.transmission_gaps(addressees=len(planned)))
    report.transmitted_on = await work.today()
    for each in planned:
        await transmissions.freeze(work, report, SnapshotPurpose.TRANSMITTED, recipient_id=each.authority_id)


async def _publish(work: Work, report: Report, order: ReportTransition) -> None:
    transmissions.refuse_gaps(
        guards.publication_gaps(
            is_redaction_checked=order.is_redaction_checked and not contents.holds_restricted(report.sections),
            named_without_consent=0 if order.is_consent_complete else 1,
            are_translations_ready_or_waived=order.are_translations_ready_or_waived,
            is_harm_checked=order.is_harm_checked,
        )
    )
    report.published_on, report.withheld_reason, report.withheld_review_on = await work.today(), None, None
    await transmissions.freeze(work, report, SnapshotPurpose.PUBLISHED, is_public=True)
    await queries.tell_visits(work, report.visit_ids, {"is_published": True, "withheld_reason": ""})


async def _withhold(work: Work, report: Report, order: ReportTransition) -> None:
    await _keep_withheld(work, report, order, order.reason or "")


async def _retract(work: Work, report: Report, order: ReportTransition) -> None:
    if order.ground is None:
        invalid("/ground", "missing", "a published report is taken back for harm to a person or an error of law alone")
    await _keep_withheld(work, report, order, order.ground.label)
    await queries.take_back(work, report.id)
    report.published_on = None


async def _keep_withheld(work: Work, report: Report, order: ReportTransition, reason: str) -> None:
    today = await work.today()
    transmissions.refuse_gaps(guards.withholding_gaps(reason=reason, review_on=order.review_on, today=today))
    report.withheld_reason, report.withheld_review_on = reason, order.review_on
    await queries.tell_visits(work, report.visit_ids, {"is_published": False, "withheld_reason": reason})


async def _correct(work: Work, report: Report, order: ReportTransition) -> None:
    if not order.reason:
        invalid("/reason", "missing", "write the erratum")
    report.errata = [*report.errata, {"on": str(await work.today()), "text": order.reason}]
    report.edition += 1
    for recipient_id in sorted(await queries.final_recipients(work, report.id)):
        await transmissions.freeze(work, report, SnapshotPurpose.CORRECTED, recipient_id=recipient_id)
    if ReportStatus(report.status) is ReportStatus.PUBLISHED:
        await queries.take_back(work, report.id)
        await transmissions.freeze(work, report, SnapshotPurpose.CORRECTED, is_public=True)


async def keep_recommendation(work: Work, recommendation_id: UUID, told: dict[str, Any]) -> None:
    """Keep number and state of a recommendation, from its own service."""
    await queries.keep_recommendation(work, recommendation_id, told)


#: What each act asks and does; those that are not here need a reason and nothing else.
_ACTS: dict[ReportAction, Callable[[Work, Report, ReportTransition], Awaitable[None]]] = {
    ReportAction.SUBMIT: _submit,
    ReportAction.CLEAR: _clear,
    ReportAction.SHARE_DRAFT: _share_draft,
    ReportAction.COLLECT_CORRECTIONS: _collect_corrections,
    ReportAction.RECALL_DRAFT: _recall_draft,
    ReportAction.APPROVE: _approve,
    ReportAction.WITHDRAW_APPROVAL: _withdraw_approval,
    ReportAction.TRANSMIT: _transmit,
    ReportAction.PUBLISH: _publish,
    ReportAction.WITHHOLD: _withhold,
    ReportAction.PROLONG: _withhold,
    ReportAction.RETRACT: _retract,
    ReportAction.CORRECT: _correct,
}

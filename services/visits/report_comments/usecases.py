"""Asking experts for their comments on a draft, and taking them in. An expert changes nothing but the own comment.

What was said is in no event; that somebody was asked or answered stays inside the service.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from services.visits.report_comments import queries
from services.visits.report_comments.schemas.expert import (
    ExpertReportCommentGiven,
    ExpertReportCommentTransition,
    ExpertReportCommentUpdate,
)
from services.visits.report_comments.schemas.npm import CommentInvite, CommentTransition
from services.visits.report_comments.tables import ReportComment
from services.visits.reports import queries as reports
from services.visits.reports.rules import contents, guards
from services.visits.reports.rules.guards import Invitation
from services.visits.reports.rules.status import (
    REPORT_COMMENT,
    CommentAction,
    CommentKind,
    CommentStatus,
    ReportStatus,
)
from services.visits.reports.tables import Report
from services.visits.teams import usecases as teams
from shared.calendar import Calendar
from shared.db import Work
from shared.errors import Conflict, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch

COMMENT_WORKING_DAYS = 10


def _recorded(work: Work, event: str, comment_id: UUID, report_id: UUID, person_id: Any, status: str) -> None:
    told = {"report_id": str(report_id), "person_id": str(person_id), "status": status}
    work.record(Event(event, comment_id, told, leaves=False))


async def invite_all(work: Work, report: Report, experts: Collection[UUID]) -> None:
    """Invite those experts who were not yet asked (R-V91)."""
    asked = {row["person_id"] for row in await reports.invitations(work, report.id)}
    for person_id in sorted(set(experts) - asked):
        await _invite(work, report, person_id, COMMENT_WORKING_DAYS)


async def _invite(work: Work, report: Report, person_id: UUID, working_days: int) -> UUID:
    today = await work.today()
    deadline = Calendar(country=work.state.settings.country).due_after(today, working_days=working_days)
    step = REPORT_COMMENT.create[CommentAction.INVITE]
    comment = ReportComment(
        **await stamps(work),
        report_id=report.id,
        person_id=person_id,
        kind=CommentKind.INVITATION.value,
        status=step.to.value,
        invited_on=today,
        due_on=deadline.due_on,
        due_explanation=deadline.sentence,
    )
    work.session.add(comment)
    _recorded(work, step.event, comment.id, report.id, person_id, comment.status)
    return comment.id


async def invite_expert(work: Work, report_id: UUID, new: CommentInvite) -> UUID:
    """Ask one expert; of a report on visits only those who were on them, and nobody whom a conflict keeps from it."""
    report = await reports.lock(work, report_id)
    if ReportStatus(report.status) not in contents.COMMENTABLE:
        raise Conflict(f"nobody comments on a report that is {report.status}")
    if report.visit_ids and new.person_id not in await reports.experts_of(work, report.visit_ids):
        invalid("/person_id", "not_on_visit", "an expert who was on a visit of the report is asked")
    if await teams.is_kept_from(
        work, new.person_id, place_ids=report.place_ids, visit_ids=report.visit_ids, day=await work.today()
    ):
        invalid("/person_id", "conflict", "a conflict of interest keeps this expert from what the report is about")
    if new.person_id in {row["person_id"] for row in await reports.invitations(work, report_id)}:
        raise Conflict("this expert was asked already", code="already_exists")
    return await _invite(work, report, new.person_id, new.working_days)


async def withdraw_comment(
    work: Work, report_id: UUID, comment_id: UUID, if_match: str, order: CommentTransition
) -> UUID:
    """End an invitation; the text of a given comment stays."""
    work.require_action(order.action.value)
    comment = await queries.lock(work, report_id, comment_id)
    expect(if_match, await queries.in_full(work, report_id, comment_id))
    step = REPORT_COMMENT.step(CommentStatus(comment.status), order.action)
    comment.status, comment.reason = step.to.value, order.reason
    await touch(work, comment)
    _recorded(work, step.event, comment.id, report_id, comment.person_id, comment.status)
    return comment.id


async def _own(work: Work, report_id: UUID) -> dict[str, Any]:
    """Give the caller's invitation, judged once more by the rule; outside its period there is nothing (404)."""
    state = await queries.own_state(work, report_id)
    invitation = Invitation(
        expert_id=str(state["person_id"]), status=CommentStatus(state["status"]), due_on=state["due_on"]
    )
    if not guards.may_comment(invitation, expert_id=work.caller.expert_id, today=await work.today()):
        raise Conflict("the comment period is over")
    return state


async def _check_section(work: Work, report_id: UUID, section_id: UUID | None) -> None:
    if section_id is not None and not await queries.has_section(work, report_id, section_id):
        invalid("/section_id", "unknown_section", "the draft has no such section")


async def give_comment(work: Work, report_id: UUID, given: ExpertReportCommentGiven) -> UUID:
    """Comment on the draft, once; afterwards the comment is revised."""
    state = await _own(work, report_id)
    step = REPORT_COMMENT.step(CommentStatus(state["status"]), CommentAction.COMMENT)
    if given.kind is CommentKind.INVITATION:
        invalid("/kind", "not_a_comment", "a comment is an input or a section")
    await _check_section(work, report_id, given.section_id)
    await queries.keep(work, state["id"], text=given.text, kind=given.kind.value, section_id=given.section_id)
    _recorded(work, step.event, state["id"], report_id, state["person_id"], step.to.value)
    return UUID(str(state["id"]))


async def update_comment(
    work: Work, report_id: UUID, comment_id: UUID, if_match: str, changes: ExpertReportCommentUpdate
) -> UUID:
    """Revise the own comment while the period is open."""
    shown = await queries.own_row(work, report_id, comment_id)
    expect(if_match, await queries.own(work, report_id, comment_id))
    state = await _own(work, report_id)
    step = REPORT_COMMENT.step(CommentStatus(state["status"]), CommentAction.REVISE)
    sent = changes.model_dump()
    await _check_section(work, report_id, sent.get("section_id"))
    kept = {**shown, **sent}
    await queries.keep(work, comment_id, text=kept["text"], kind=kept["kind"], section_id=kept["section_id"])
    _recorded(work, step.event, comment_id, report_id, state["person_id"], step.to.value)
    return comment_id


async def decline_comment(
    work: Work, report_id: UUID, comment_id: UUID, if_match: str, order: ExpertReportCommentTransition
) -> UUID:
    """Say that there is nothing to add."""
    work.require_action(order.action.value)
    expect(if_match, await queries.own(work, report_id, comment_id))
    state = await _own(work, report_id)
    step = REPORT_COMMENT.step(CommentStatus(state["status"]), order.action)
    await queries.decline(work, comment_id)
    _recorded(work, step.event, comment_id, report_id, state["person_id"], step.to.value)
    return comment_id

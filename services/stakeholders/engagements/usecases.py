"""What people do with meetings, calls and letters: plan, log, prepare, hold, record, follow up. No HTTP, no SQL."""

from datetime import date
from typing import Any
from uuid import UUID

from services.stakeholders import acting
from services.stakeholders.authorities import queries as authorities
from services.stakeholders.engagements import queries, rules
from services.stakeholders.engagements.rules import (
    ENGAGEMENT,
    Commitment,
    EngagementAction,
    EngagementGap,
    EngagementOutcomeKind,
    EngagementStatus,
)
from services.stakeholders.engagements.schemas import (
    DialogueEngagementCreate,
    DialogueEngagementTransition,
    DialogueEngagementUpdate,
)
from services.stakeholders.engagements.tables import DialogueEngagement
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch


def _record(work: Work, event: str, engagement: DialogueEngagement) -> None:
    told: dict[str, Any] = {
        "state": engagement.status,
        "channel": engagement.channel,
        "held_on": engagement.held_on.isoformat(),
        "counterpart_ids": [str(each) for each in engagement.counterpart_ids],
    }
    work.record(Event(event, engagement.id, told))


async def create_engagement(work: Work, new: DialogueEngagementCreate) -> UUID:
    """Plan a meeting, or log a contact that has taken place (R-S10)."""
    acting.require_creation(work, ENGAGEMENT, new.action)
    known = await authorities.known(work, new.counterpart_ids)
    for number, each in enumerate(new.counterpart_ids):
        if each not in known:
            invalid(f"/counterpart_ids/{number}", "unknown", "no institution of the directory has this id")
    if new.action is EngagementAction.LOG:
        for gap in rules.recording_gaps(new.summary):
            invalid("/summary", gap.value, gap.label)
        if new.held_on > await work.today():
            invalid("/held_on", "in_the_future", "what is logged has taken place")
    step = ENGAGEMENT.create[new.action]
    written = new.model_dump(mode="json", exclude={"action"})
    same = {name: getattr(new, name) for name in ("held_on", "counterpart_ids", "participant_ids")}
    engagement = DialogueEngagement(**{**written, **same}, **await stamps(work), status=step.to.value)
    work.session.add(engagement)
    _record(work, step.event, engagement)
    return engagement.id


async def update_engagement(work: Work, engagement_id: UUID, if_match: str, changes: DialogueEngagementUpdate) -> UUID:
    """Correct an engagement, or say which commitments were kept."""
    engagement = await queries.lock(work, engagement_id)
    expect(if_match, await queries.in_full(work, engagement_id))
    for name, value in changes.model_dump(mode="json").items():
        setattr(engagement, name, changes.participant_ids if name == "participant_ids" else value)
    await touch(work, engagement)
    _record(work, "stakeholders.engagement.changed", engagement)
    return engagement.id


async def transition_engagement(
    work: Work, engagement_id: UUID, if_match: str, order: DialogueEngagementTransition
) -> UUID:
    """Prepare, reschedule, hold, record, follow up, close, reopen or cancel."""
    acting.require(work, ENGAGEMENT, order.action)
    engagement = await queries.lock(work, engagement_id)
    expect(if_match, await queries.in_full(work, engagement_id))
    step = ENGAGEMENT.step(EngagementStatus(engagement.status), order.action)
    gaps = _gaps(engagement, order)
    if gaps:
        raise Conflict(
            "; ".join(gap.label for gap in gaps), errors=[FieldError("", gap.value, gap.label) for gap in gaps]
        )
    if order.action is EngagementAction.RESCHEDULE:
        if order.held_on is None:
            invalid("/held_on", "missing", "say the new day")
        engagement.held_on = order.held_on
    engagement.status = step.to.value
    engagement.reason = order.reason or engagement.reason
    await touch(work, engagement)
    _record(work, step.event, engagement)
    return engagement.id


def _gaps(engagement: DialogueEngagement, order: DialogueEngagementTransition) -> tuple[EngagementGap, ...]:
    match order.action:
        case EngagementAction.PREPARE:
            return rules.preparation_gaps(engagement.aims)
        case EngagementAction.RECORD:
            return rules.recording_gaps(engagement.summary)
        case EngagementAction.FOLLOW_UP:
            return rules.follow_up_gaps(_commitments(engagement))
        case EngagementAction.CLOSE:
            return rules.closing_gaps(EngagementStatus(engagement.status), _commitments(engagement))
        case EngagementAction.REOPEN | EngagementAction.CANCEL:
            return () if order.reason else (EngagementGap.REASON,)
        case _:
            return ()


def _commitments(engagement: DialogueEngagement) -> list[Commitment]:
    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    return [
        Commitment(due_on=day(each["due_on"]), kept_on=day(each["kept_on"]), broken_on=day(each["broken_on"]))
        for each in engagement.outcomes
        if each["kind"] == EngagementOutcomeKind.COMMITMENT.value
    ]


async def keep_answer(work: Work, told: dict[str, Any]) -> None:
    """Keep when an authority answered, or since when it is late, from recommendations."""
    if not told.get("authority_id"):
        return
    await queries.keep_answer(
        work,
        UUID(str(told["addressee_id"])),
        UUID(str(told["authority_id"])),
        submitted_on=date.fromisoformat(told["submitted_on"]) if told.get("submitted_on") else None,
        overdue_since=date.fromisoformat(told["due_on"]) if told.get("due_on") else None,
    )

"""Freezing a report for somebody, and the way of a draft: sent, extended, answered, closed or taken back.

What is frozen never changes. The annex, authors, findings and what identifies a person are never frozen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.visits.reports import queries as reports
from services.visits.reports.rules import contents, guards
from services.visits.reports.rules.guards import ReportGap
from services.visits.reports.rules.status import (
    DRAFT_TRANSMISSION,
    ReportStatus,
    SnapshotPurpose,
    TransmissionAction,
    TransmissionStatus,
)
from services.visits.reports.schemas.npm import ReportRecipient
from services.visits.reports.tables import Report, ReportSnapshot
from services.visits.transmissions import queries
from services.visits.transmissions.schemas.authority import AuthorityReportTransition
from services.visits.transmissions.schemas.npm import TransmissionCreate, TransmissionTransition
from shared.calendar import Calendar, Deadline
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch
from shared.workflow import IllegalTransition


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A sending that is about to be made."""

    authority_id: UUID
    is_channel_safe: bool
    deadline: Deadline

    def as_rule(self) -> guards.Transmission:
        """Give it as the guards know it."""
        return guards.Transmission(
            authority_id=str(self.authority_id), status=TransmissionStatus.SENT, due_on=self.deadline.due_on
        )

    def gaps(self) -> tuple[ReportGap, ...]:
        """Say what is missing before it goes out; whether accounts are active is not known here, so somebody says so."""
        return guards.sending_gaps(
            has_active_membership=False, has_safe_channel=self.is_channel_safe, due_on=self.deadline.due_on
        )


def refuse_gaps(gaps: Iterable[ReportGap], *others: FieldError) -> None:
    """Answer 409 with everything that is missing, at once."""
    errors = [*others, *(FieldError("", gap.value, gap.label) for gap in dict.fromkeys(gaps))]
    if errors:
        raise Conflict("; ".join(error.detail for error in errors), errors=errors)


def _calendar(work: Work) -> Calendar:
    return Calendar(country=work.state.settings.country)


async def planned(work: Work, recipients: Sequence[ReportRecipient | TransmissionCreate]) -> list[Planned]:
    """Work out to whom and until when; 422 for an authority that is not known or stands twice."""
    ids = [each.authority_id for each in recipients]
    if len(set(ids)) < len(ids) or set(ids) - await queries.known_authorities(work, ids):
        invalid("/recipients", "unknown_authority", "each recipient is a known authority and stands once")
    today, calendar = await work.today(), _calendar(work)
    return [
        Planned(
            authority_id=each.authority_id,
            is_channel_safe=each.is_channel_safe,
            deadline=calendar.due_after(today, working_days=each.working_days),
        )
        for each in recipients
    ]


async def freeze(
    work: Work, report: Report, purpose: SnapshotPurpose, *, recipient_id: UUID | None = None, is_public: bool = False
) -> ReportSnapshot:
    """Freeze the report as it stands now."""
    content: dict[str, Any] = {
        "places": await reports.place_names(work, report.place_ids),
        "sections": contents.frozen_sections(report.sections),
        "errata": report.errata,
    }
    if not is_public:
        content["fact_items"] = report.fact_items
    snapshot = ReportSnapshot(
        **await stamps(work),
        report_id=report.id,
        edition=report.edition,
        purpose=purpose.value,
        code=report.code,
        kind=report.kind,
        title=report.title,
        content=content,
        recipient_id=recipient_id,
        sent_on=await work.today(),
        published_on=report.published_on if is_public else None,
        is_public=is_public,
    )
    work.session.add(snapshot)
    return snapshot


async def send(work: Work, report: Report, to: Planned) -> UUID:
    """Send a frozen draft to one authority, for its facts (R-V93)."""
    snapshot = await freeze(work, report, SnapshotPurpose.DRAFT_SHARED, recipient_id=to.authority_id)
    snapshot.status = DRAFT_TRANSMISSION.initial.value
    _set_deadline(snapshot, to.deadline)
    _recorded(work, snapshot, DRAFT_TRANSMISSION.create[TransmissionAction.SEND].event)
    return snapshot.id


def _set_deadline(snapshot: ReportSnapshot, deadline: Deadline) -> None:
    snapshot.due_on, snapshot.deadline = deadline.due_on, deadline.as_json()
    snapshot.due_explanation = deadline.sentence


def _recorded(work: Work, snapshot: ReportSnapshot, event: str) -> None:
    told = {
        "id": str(snapshot.id),
        "report_id": str(snapshot.report_id),
        "code": snapshot.code,
        "kind": snapshot.kind,
        "authority_id": str(snapshot.recipient_id),
        "status": snapshot.status,
        "due_on": str(snapshot.due_on),
    }
    work.record(Event(event, snapshot.id, told, confidentiality="AUT"))


async def of_report(work: Work, report_id: UUID) -> list[guards.Transmission]:
    """Give the transmissions of a report as the guards know them."""
    return [_as_rule(each) for each in await queries.drafts_of(work, report_id)]


def _as_rule(snapshot: ReportSnapshot) -> guards.Transmission:
    return guards.Transmission(
        authority_id=str(snapshot.recipient_id),
        status=TransmissionStatus(snapshot.status or ""),
        due_on=snapshot.due_on,
        fact_item_ids=frozenset(item["id"] for item in snapshot.content["fact_items"]),
    )


async def leave(work: Work, report_id: UUID, *, recalled_for: str | None) -> None:
    """End every transmission that is still open, because the report goes on without it; with a reason they are taken back."""
    action = TransmissionAction.RECALL if recalled_for else TransmissionAction.CLOSE_UNANSWERED
    for snapshot in await queries.drafts_of(work, report_id):
        if snapshot.status == TransmissionStatus.SENT:
            step = DRAFT_TRANSMISSION.step(TransmissionStatus.SENT, action)
            snapshot.status, snapshot.recall_reason = step.to.value, recalled_for
            await touch(work, snapshot)
            _recorded(work, snapshot, step.event)


async def send_draft(work: Work, report_id: UUID, new: TransmissionCreate) -> UUID:
    """Send the draft to one more authority, while others have it already."""
    report = await reports.lock(work, report_id)
    if ReportStatus(report.status) is not ReportStatus.WITH_AUTHORITIES:
        raise Conflict(f"share the draft first; it is {report.status}")
    to = (await planned(work, [new]))[0]
    refuse_gaps(to.gaps())
    return await send(work, report, to)


async def transition_transmission(
    work: Work, report_id: UUID, transmission_id: UUID, if_match: str, order: TransmissionTransition
) -> UUID:
    """Extend a transmission, close it unanswered, or take it back."""
    work.require_action(order.action.value)
    snapshot = await queries.lock(work, report_id, transmission_id)
    expect(if_match, await queries.in_full(work, report_id, transmission_id))
    step = DRAFT_TRANSMISSION.step(TransmissionStatus(snapshot.status or ""), order.action)
    today = await work.today()
    if order.action is TransmissionAction.EXTEND:
        _extend(work, snapshot, order)
    elif order.action is TransmissionAction.RECALL:
        snapshot.recall_reason = _reason(order)
    else:
        refuse_gaps(guards.closing_unanswered_gaps(due_on=snapshot.due_on or today, today=today))
    snapshot.status = step.to.value
    await touch(work, snapshot)
    _recorded(work, snapshot, step.event)
    return snapshot.id


def _reason(order: TransmissionTransition) -> str:
    if not order.reason:
        invalid("/reason", "missing", "say why")
    return order.reason


def _extend(work: Work, snapshot: ReportSnapshot, order: TransmissionTransition) -> None:
    reason = _reason(order)
    if order.until is None:
        invalid("/until", "missing", "say until when")
    kept = Deadline.from_json(snapshot.deadline or {})
    refuse_gaps(guards.extension_gaps(due_on=kept.due_on, later_on=order.until))
    # the authority reads how its date came about; which of us granted it is not its business
    _set_deadline(snapshot, _calendar(work).extend(kept, until=order.until, by="the NPM", reason=reason))


async def answer_report(work: Work, snapshot_id: UUID, if_match: str, order: AuthorityReportTransition) -> UUID:
    """The authority says that it is done with its facts, with or without corrections."""
    work.require_action(order.action.value)
    state = await queries.received_state(work, snapshot_id)
    expect(if_match, await queries.received(work, snapshot_id))
    if state["status"] is None:
        raise IllegalTransition(f"cannot {order.action.value} a final report")
    step = DRAFT_TRANSMISSION.step(TransmissionStatus(state["status"]), order.action)
    if not await queries.answer(work, snapshot_id):
        raise Conflict("somebody else was faster")
    told = {
        "id": str(snapshot_id),
        "report_id": str(state["report_id"]),
        "code": state["code"],
        "authority_id": str(state["recipient_id"]),
        "status": step.to.value,
        "due_on": _written(state["due_on"]),
    }
    work.record(Event(step.event, snapshot_id, told, confidentiality="AUT"))
    return snapshot_id


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None

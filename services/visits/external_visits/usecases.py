"""Keeping visits of other bodies, and the check for reprisals after international ones. No HTTP, no SQL."""

from datetime import timedelta
from uuid import UUID

from services.visits.external_visits import queries
from services.visits.external_visits.schemas import ExternalVisitCreate, ExternalVisitUpdate
from services.visits.external_visits.tables import ExternalVisit
from services.visits.proposals import usecases as proposals
from services.visits.proposals.rules import ProposalTrigger, calls_for_reprisal_check, reprisal_check_due_on
from services.visits.visits import queries as visits
from services.visits.visits.rules.status import VisitPurpose
from shared.db import Work
from shared.errors import invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch

RECENT_DAYS = 365


async def record_external_visit(work: Work, new: ExternalVisitCreate) -> UUID:
    """Keep a visit of another body; a done one by an international body calls for a check for reprisals (R-V103)."""
    known = await visits.known_places(work, new.place_ids)
    for position, place_id in enumerate(new.place_ids):
        if place_id not in known:
            invalid(f"/place_ids/{position}", "unknown_place", "the register has no place of this id")
    if new.to_on < new.from_on:
        invalid("/to_on", "order", "the last day is not before the first")
    kept = ExternalVisit(
        **new.model_dump(mode="python", exclude={"body_name", "purpose"}),
        **await stamps(work),
        body_name=new.body_name or "",
        purpose=new.purpose or "",
    )
    work.session.add(kept)
    await _settle(work, kept, "visits.external_visit.recorded")
    return kept.id


async def update_external_visit(
    work: Work, external_visit_id: UUID, if_match: str, changes: ExternalVisitUpdate
) -> UUID:
    """Keep that it was done, called off, or followed by a check for reprisals."""
    kept = await queries.lock(work, external_visit_id)
    expect(if_match, await queries.in_full(work, external_visit_id))
    for name, value in changes.model_dump(mode="python").items():
        setattr(kept, name, value)
    await touch(work, kept)
    await _settle(work, kept, "visits.external_visit.changed")
    return kept.id


async def _settle(work: Work, kept: ExternalVisit, name: str) -> None:
    # What was done long ago and is only recorded now calls for no check any more.
    is_recent = kept.done_on is not None and kept.done_on >= await work.today() - timedelta(days=RECENT_DAYS)
    is_due = is_recent and kept.cancelled_on is None and calls_for_reprisal_check(kept.body_kind)
    was_due = kept.reprisal_check_due_on is not None
    kept.reprisal_check_due_on = reprisal_check_due_on(kept.done_on) if is_due and kept.done_on else None
    if kept.reprisal_check_due_on and not was_due and kept.reprisal_checked_on is None:
        await work.flush()
        for place_id in kept.place_ids:
            await proposals.open_by_system(
                work,
                place_id,
                ProposalTrigger.EXTERNAL_VISIT,
                purpose=VisitPurpose.REPRISAL_CHECK,
                rationale="an international body was there; those who spoke to it are checked for reprisals",
                due_on=kept.reprisal_check_due_on,
            )
    values = {"body_kind": kept.body_kind, "place_ids": [str(each) for each in kept.place_ids]}
    work.record(Event(name, kept.id, values, leaves=False))

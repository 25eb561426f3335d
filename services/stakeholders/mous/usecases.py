"""What people do with memoranda: draft, check for independence, sign, review, suspend, end. No HTTP, no SQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.stakeholders import acting
from services.stakeholders.authorities import queries as authorities
from services.stakeholders.imports import usecases as imports
from services.stakeholders.mous import queries, rules
from services.stakeholders.mous.rules import MOU, IndependenceFlag, MouAction, MouGap, MouStatus
from services.stakeholders.mous.schemas import MouCreate, MouImportRow, MouTransition, MouUpdate
from services.stakeholders.mous.tables import Mou
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.imports.envelope import Imported, ImportOrder
from shared.journal import Event
from shared.records import stamps, touch
from shared.schemas import BadLine

Rows = Sequence[MouImportRow | BadLine]
_DAYS = {"from_on", "to_on", "review_due_on", "signed_on"}


def _record(work: Work, event: str, mou: Mou) -> None:
    told: dict[str, Any] = {
        "partner_id": str(mou.partner_id),
        "mou_id": str(mou.id),
        "state": mou.status,
        "from": mou.from_on.isoformat() if mou.from_on else None,
        "to": mou.to_on.isoformat() if mou.to_on else None,
    }
    work.record(Event(event, mou.id, told))


async def draft_mou(work: Work, new: MouCreate) -> UUID:
    """Draft a memorandum with a partner."""
    acting.require_creation(work, MOU, MouAction.DRAFT)
    if not await authorities.known(work, [new.partner_id]):
        invalid("/partner_id", "unknown", "no institution of the directory has this id")
    step = MOU.create[MouAction.DRAFT]
    days = {name: getattr(new, name) for name in _DAYS if hasattr(new, name)}
    written = {**new.model_dump(mode="json"), **days, "partner_id": new.partner_id}
    mou = Mou(**written, **await stamps(work), status=step.to.value)
    work.session.add(mou)
    _record(work, step.event, mou)
    return mou.id


async def update_mou(work: Work, mou_id: UUID, if_match: str, changes: MouUpdate) -> UUID:
    """Change a draft; a text that was submitted or cleared stays as it was looked at."""
    mou = await queries.lock(work, mou_id)
    expect(if_match, await queries.in_full(work, mou_id))
    if mou.status != MouStatus.DRAFT.value:
        raise Conflict("only a draft can be changed")
    for name, value in changes.model_dump(mode="json").items():
        setattr(mou, name, changes.review_due_on if name == "review_due_on" else value)
    await touch(work, mou)
    _record(work, "stakeholders.mou.changed", mou)
    return mou.id


async def transition_mou(work: Work, mou_id: UUID, if_match: str, order: MouTransition) -> UUID:
    """Submit, return, clear, revise, sign, review, renew, suspend, resume, terminate or drop."""
    acting.require(work, MOU, order.action)
    mou = await queries.lock(work, mou_id)
    expect(if_match, await queries.in_full(work, mou_id))
    step = MOU.step(MouStatus(mou.status), order.action)
    if order.action in (MouAction.SIGN, MouAction.RENEW):
        mou.from_on, mou.to_on = order.from_on or mou.from_on, order.to_on or mou.to_on
    gaps = _gaps(mou, order)
    if gaps:
        raise Conflict(
            "; ".join(gap.label for gap in gaps), errors=[FieldError("", gap.value, gap.label) for gap in gaps]
        )
    if order.action is MouAction.SIGN:
        mou.signed_on = await work.today()
    if order.action in (MouAction.RETURN, MouAction.CLEAR):
        mou.independence_flags = [flag.value for flag in order.flags]
    mou.status = step.to.value
    mou.reason = order.reason or mou.reason
    await touch(work, mou)
    _record(work, step.event, mou)
    return mou.id


def _gaps(mou: Mou, order: MouTransition) -> tuple[MouGap, ...]:
    flags: frozenset[IndependenceFlag] = frozenset(order.flags)
    match order.action:
        case MouAction.SUBMIT:
            return rules.submission_gaps(
                objectives=mou.objectives,
                modalities=mou.modalities,
                responsibilities=mou.responsibilities,
                limits=mou.limits,
                confidentiality_clause=mou.confidentiality_clause,
            )
        case MouAction.CLEAR:
            return rules.clearing_gaps(flags)
        case MouAction.RETURN:
            return rules.returning_gaps(flags)
        case MouAction.SIGN | MouAction.RENEW:
            return rules.dating_gaps(mou.from_on, mou.to_on)
        case action if action in rules.NEED_A_REASON:
            return () if order.reason else (MouGap.REASON,)
        case _:
            return ()


async def import_mous(work: Work, order: ImportOrder, rows: Rows) -> Imported:
    """Take memoranda that were before this system; one that is known is left as it has become since."""
    batch: imports.Batch[MouImportRow, Mou] = await imports.sort_out(work, Mou, order, rows)
    known = await authorities.known(work, [row.partner_id for row in batch.rows.values()])
    for row in list(batch.rows.values()):
        if row.partner_id not in known:
            batch.outcome.refuse(row, "/partner_id", "unknown", "no institution of the directory has this id")
        elif rules.dating_gaps(row.from_on, row.to_on):
            batch.outcome.refuse(row, "/to_on", MouGap.DATES.value, MouGap.DATES.label)
        else:
            continue
        del batch.rows[row.row]
    if batch.is_refused():
        return batch.outcome
    for row in batch.rows.values():
        if row.row in batch.known:
            batch.outcome.unchanged += 1
            continue
        written = row.model_dump(mode="json", exclude={"row", "line", "id", "doubt", "note"})
        days = {name: getattr(row, name) for name in _DAYS}
        kept = await imports.keep(work, batch, row, {**written, **days, "partner_id": row.partner_id})
        if kept is not None:
            _record(work, _event_into(row.status), kept)
    return batch.outcome


def _event_into(status: MouStatus) -> str:
    steps = [*MOU.create.values(), *MOU.transitions.values()]
    return next(step.event for step in steps if step.to is status)

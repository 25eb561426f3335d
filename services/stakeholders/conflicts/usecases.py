"""What people do with conflicts of interest: declare their own, weigh others', lift them. No HTTP, no SQL.

Nobody decides a conflict of their own; persons are compared, not accounts.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.stakeholders import acting
from services.stakeholders.conflicts import queries, rules
from services.stakeholders.conflicts.rules import (
    CONFLICT_DECLARATION,
    ConflictAction,
    ConflictEffect,
    ConflictGap,
    ConflictKind,
    ConflictStatus,
)
from services.stakeholders.conflicts.schemas import ConflictCreate, ConflictTransition
from services.stakeholders.conflicts.tables import ConflictDeclaration
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import touch


def _told(conflict: dict[str, Any]) -> dict[str, Any]:
    """What other services keep: whom it keeps from what, never why."""
    return {
        "person_id": str(conflict["person_id"]),
        "target_kind": conflict["target_kind"],
        "target_id": str(conflict["target_id"]),
        "effect": conflict["effect"],
        "state": conflict["status"],
        "from": conflict["from_on"].isoformat() if conflict["from_on"] else None,
        "until": conflict["until_on"].isoformat() if conflict["until_on"] else None,
    }


async def declare_conflict(work: Work, new: ConflictCreate) -> UUID:
    """Declare a conflict of one's own; it keeps one out until somebody has decided (R-S92)."""
    acting.require_creation(work, CONFLICT_DECLARATION, ConflictAction.DECLARE)
    if new.from_on and new.until_on and new.until_on < new.from_on:
        invalid("/until_on", "ends_before_it_begins", "it ends before it begins")
    step = CONFLICT_DECLARATION.create[ConflictAction.DECLARE]
    values = {
        **_row(UUID(acting.person_of(work)), new.kind, new.target_kind.value, new.target_id, step.to.value),
        "from_on": new.from_on,
        "until_on": new.until_on,
        "explanation": new.explanation,
    }
    return await _enter(work, values, step.event)


async def detect_conflict(work: Work, person_id: UUID, kind: ConflictKind, target_kind: str, target_id: UUID) -> None:
    """Enter what somebody's past speaks for, once for each target."""
    step = CONFLICT_DECLARATION.create[ConflictAction.DETECT]
    known = await queries.of_person(work, person_id)
    if any((each["target_kind"], each["target_id"]) == (target_kind, target_id) for each in known):
        return
    await _enter(work, _row(person_id, kind, target_kind, target_id, step.to.value), step.event)


def _row(person_id: UUID, kind: ConflictKind, target_kind: str, target_id: UUID, status: str) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "person_id": person_id,
        "kind": kind.value,
        "target_kind": target_kind,
        "target_id": target_id,
        "status": status,
        "from_on": None,
        "until_on": None,
        "explanation": None,
    }


async def _enter(work: Work, values: dict[str, Any], event: str) -> UUID:
    await queries.declare(work, values)
    told = _told({**values, "effect": ConflictEffect.EXCLUDE_VISIT.value})
    work.record(Event(event, values["id"], told, confidentiality="RES"))
    entered: UUID = values["id"]
    return entered


async def transition_conflict(work: Work, conflict_id: UUID, if_match: str, order: ConflictTransition) -> UUID:
    """Review, decide, clear or lift a conflict; never one's own."""
    acting.require(work, CONFLICT_DECLARATION, order.action)
    conflict = await queries.lock(work, conflict_id)
    expect(if_match, await queries.in_full(work, conflict_id))
    step = CONFLICT_DECLARATION.step(ConflictStatus(conflict.status), order.action)
    today = await work.today()
    _refuse(_gaps(work, conflict, order, today))
    if order.action is ConflictAction.DECIDE:
        _decide(conflict, order, today)
    conflict.status = step.to.value
    conflict.reason = order.reason or conflict.reason
    if order.action is not ConflictAction.REVIEW:
        conflict.decided_by, conflict.decided_on = acting.person_of(work), today
    await touch(work, conflict)
    told = conflict.model_dump()
    if ConflictStatus(conflict.status) in rules.OPEN_STATES:
        told["effect"] = ConflictEffect.EXCLUDE_VISIT.value
    work.record(Event(step.event, conflict.id, _told(told), confidentiality="RES"))
    return conflict.id


def _gaps(work: Work, conflict: ConflictDeclaration, order: ConflictTransition, today: date) -> tuple[ConflictGap, ...]:
    decider, concerned = acting.person_of(work), str(conflict.person_id)
    if order.action is ConflictAction.DECIDE:
        return rules.decision_gaps(
            ConflictKind(conflict.kind),
            decider_id=decider,
            concerned_id=concerned,
            effect=order.effect,
            has_target=True,
            from_on=order.from_on or conflict.from_on or today,
            until_on=order.until_on or conflict.until_on,
        )
    reason = "review" if order.action is ConflictAction.REVIEW else order.reason or ""
    return rules.clearing_gaps(decider_id=decider, concerned_id=concerned, reason=reason)


def _decide(conflict: ConflictDeclaration, order: ConflictTransition, today: date) -> None:
    conflict.effect = str(order.effect)
    conflict.from_on = order.from_on or conflict.from_on or today
    conflict.until_on = order.until_on or conflict.until_on
    conflict.is_risk_to_perceived_independence = order.is_risk_to_perceived_independence


def _refuse(gaps: tuple[ConflictGap, ...]) -> None:
    if gaps:
        raise Conflict(
            "; ".join(gap.label for gap in gaps), errors=[FieldError("", gap.value, gap.label) for gap in gaps]
        )


async def keep_places(work: Work, told: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep the names behind places' ids and who runs them, from visits."""
    await queries.keep_places(work, told)

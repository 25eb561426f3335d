"""How a relation stands, and what people do with it: introduce, activate, mark strained, escalate, recover. No HTTP, no SQL."""

from typing import Any
from uuid import UUID

from services.stakeholders import acting
from services.stakeholders.authorities import queries as authorities
from services.stakeholders.authorities.tables import Stakeholder
from services.stakeholders.dialogue import queries, rules
from services.stakeholders.dialogue.rules import (
    DIALOGUE_RELATION,
    HealthInputs,
    RelationAction,
    RelationGap,
    RelationStatus,
)
from services.stakeholders.dialogue.schemas import DialogueRelationTransition
from shared.db import Work
from shared.errors import Conflict, FieldError, NotFound, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import touch


async def in_full(work: Work, authority_id: UUID) -> bytes:
    """Render the relation with an authority; H is computed now (F6)."""
    counted = await queries.counted(work, authority_id)
    health = rules.health(HealthInputs(**counted))

    def part(done: int, whole: int, points: float, highest: float) -> dict[str, Any]:
        return {"part": done, "whole": whole, "points": round(points, 1), "highest": highest}

    told = {
        "score": round(health.score, 1),
        "parts": {
            "direct_contacts": part(
                counted["direct_contacts"], counted["contacts"], health.direct, rules.DIRECT_POINTS
            ),
            "answers_on_time": part(
                counted["answered_on_time"], counted["answers_due"], health.on_time, rules.ON_TIME_POINTS
            ),
            "commitments_kept": part(
                counted["commitments_kept"], counted["commitments"], health.commitments, rules.COMMITMENT_POINTS
            ),
            "focal_point": part(int(counted["has_focal_point"]), 1, health.focal_point, rules.FOCAL_POINT_POINTS),
        },
        "warnings": [warning.value for warning in health.warnings],
        "suggests_strained": health.suggests_strained,
    }
    return await queries.in_full(work, authority_id, told)


async def transition_relation(work: Work, authority_id: UUID, if_match: str, order: DialogueRelationTransition) -> UUID:
    """Change the state of a relation; whatever path is used, one channel stays open (R-S20)."""
    acting.require(work, DIALOGUE_RELATION, order.action)
    stakeholder = await authorities.lock(work, authority_id)
    if stakeholder.relation_state is None:
        raise NotFound
    expect(if_match, await in_full(work, authority_id))
    step = DIALOGUE_RELATION.step(RelationStatus(stakeholder.relation_state), order.action)
    gaps = await _gaps(work, stakeholder, order)
    if gaps:
        raise Conflict(
            "; ".join(gap.label for gap in gaps), errors=[FieldError("", gap.value, gap.label) for gap in gaps]
        )
    if order.retained_channel_id is not None:
        await _retain(work, stakeholder, order.retained_channel_id)
    before, stakeholder.relation_state = stakeholder.relation_state, step.to.value
    stakeholder.relation_account = order.account or stakeholder.relation_account
    await touch(work, stakeholder)
    work.record(Event(step.event, stakeholder.id, {"from": before, "state": stakeholder.relation_state}))
    return stakeholder.id


async def _gaps(work: Work, stakeholder: Stakeholder, order: DialogueRelationTransition) -> tuple[RelationGap, ...]:
    account = order.account or ""
    match order.action:
        case RelationAction.INTRODUCE:
            met = await queries.meetings(work, stakeholder.id)
            return rules.introduction_gaps(was_mandate_introduced=met["introductions"] > 0)
        case RelationAction.ACTIVATE:
            met = await queries.meetings(work, stakeholder.id)
            return rules.activation_gaps(further_direct_engagements=met["direct"] - 1)
        case RelationAction.MARK_STRAINED | RelationAction.RESTORE:
            return rules.account_gaps(account)
        case RelationAction.ESCALATE:
            retained = order.retained_channel_id or stakeholder.retained_channel_id
            return rules.escalation_gaps(ground=account, retained_channel_id=str(retained) if retained else None)
        case RelationAction.END:
            is_settled = bool(stakeholder.successor_ids) or order.has_no_successor
            return rules.ending_gaps(ground=account, is_successor_settled=is_settled)
        case _:
            return ()


async def _retain(work: Work, stakeholder: Stakeholder, contact_id: UUID) -> None:
    try:
        await queries.must_be_contact(work, stakeholder.id, contact_id)
    except NotFound:
        invalid("/retained_channel_id", "unknown", "nobody of this institution has this id")
    stakeholder.retained_channel_id = contact_id

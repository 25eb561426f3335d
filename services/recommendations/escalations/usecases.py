"""Escalation: what the ladder suggests today, and the way of one step. Every step keeps a channel open (R-R35)."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from services.recommendations.addressees.usecases import person_of
from services.recommendations.escalations import queries, rules
from services.recommendations.escalations.rules import (
    ESCALATION,
    EscalationAction,
    EscalationGround,
    EscalationPath,
    EscalationState,
    EscalationStep,
    Suggestion,
)
from services.recommendations.escalations.schemas import EscalationCreate, EscalationSuggestions, EscalationTransition
from services.recommendations.escalations.tables import Escalation
from services.recommendations.recommendations.usecases import missing
from shared.db import Work
from shared.errors import Conflict, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch

_ORDER = tuple(EscalationStep)
Row = Mapping[str, Any]


async def suggestions(work: Work) -> EscalationSuggestions:
    """Compute what the ladder suggests today, one rung for each authority; nothing is kept."""
    taken = await queries.taken(work)
    found = []
    for stakeholder_id, late in _by_authority(await queries.not_engaging(work)):
        rows = [row for row in late if not _is_taken(taken, row)]
        reached = _highest(rows)
        if reached is None:
            continue
        found.append(
            {
                "authority": {"id": stakeholder_id, "name": rows[0]["name"]},
                "step": reached.step,
                "reason": reached.reason,
                "days": max(row["days"] for row in rows),
                "needs_head": reached.needs_head,
                "is_round_table": reached.is_round_table,
                "recommendations": [{"id": row["recommendation_id"], "name": row["code"]} for row in rows],
            }
        )
    found.sort(key=lambda each: (-_ORDER.index(each["step"]), -each["days"], str(each["authority"]["id"])))
    return EscalationSuggestions.model_validate({"as_of": await work.today(), "items": found})


def _by_authority(rows: Iterable[Row]) -> list[tuple[UUID, list[Row]]]:
    return [(key, list(group)) for key, group in groupby(rows, key=lambda row: row["stakeholder_id"])]


def _rung(row: Row) -> Suggestion | None:
    """Give the rung that one answer has reached (F6)."""
    return rules.suggest(
        row["days"],
        deadlines_missed=row["deadlines_missed"],
        rejected_without_reasons=row["is_bare_rejection"],
        authorities=row["authorities"],
    )


def _highest(rows: Iterable[Row]) -> Suggestion | None:
    """Give the highest rung that any of an authority's answers has reached (F6)."""
    reached = [suggestion for row in rows if (suggestion := _rung(row)) is not None]
    return max(reached, key=lambda found: (_ORDER.index(found.step), found.days), default=None)


def _is_taken(taken: Iterable[Row], row: Row) -> bool:
    """Tell whether a step as high as its rung was decided on for this very recommendation, since the date passed."""
    rung = _rung(row)
    return rung is not None and any(
        each["stakeholder_id"] == row["stakeholder_id"]
        and row["recommendation_id"] in each["recommendation_ids"]
        and _ORDER.index(each["step"]) >= _ORDER.index(rung.step)
        and (row["due_on"] is None or each["suggested_on"] >= row["due_on"])
        for each in taken
    )


async def propose_escalation(work: Work, new: EscalationCreate) -> UUID:
    """Propose a step: up to the rung reached; urgent and serious facts reach the last one."""
    if not await queries.are_addressed(work, new.authority_id, new.recommendation_ids):
        invalid("/recommendation_ids", "not_addressed", "these are not all addressed to this authority")
    reached = _highest(await queries.not_engaging(work, new.authority_id))
    if not rules.may_take(new.step, reached=reached.step if reached else None, ground=new.ground):
        raise Conflict("the ladder has not reached this step", code="step_not_reached")
    escalation = Escalation(
        **await stamps(work),
        stakeholder_id=new.authority_id,
        recommendation_ids=new.recommendation_ids,
        step=new.step.value,
        path=new.path.value if new.path else None,
        ground=new.ground.value,
        state=ESCALATION.initial.value,
        suggestion=reached.reason if reached else new.ground.label,
        is_round_table=bool(reached and reached.is_round_table and reached.step is new.step),
        suggested_on=await work.today(),
        suggested_by=person_of(work),
    )
    work.session.add(escalation)
    _recorded(work, ESCALATION.create[EscalationAction.SUGGEST].event, escalation)
    return escalation.id


def _recorded(work: Work, name: str, escalation: Escalation) -> None:
    told = {"authority_id": str(escalation.stakeholder_id), "step": escalation.step, "state": escalation.state}
    ids = [str(each) for each in escalation.recommendation_ids]
    work.record(Event(name, escalation.id, {**told, "recommendation_ids": ids}))


async def transition_escalation(work: Work, escalation_id: UUID, if_match: str, order: EscalationTransition) -> UUID:
    """Take one step in the way of an escalation."""
    work.require_action(order.action.value)
    escalation = await queries.lock(work, escalation_id)
    expect(if_match, await queries.in_full(work, escalation_id))
    step = ESCALATION.step(EscalationState(escalation.state), order.action)
    if order.action is EscalationAction.ACCEPT:
        _accept(escalation, order)
    elif order.action is EscalationAction.APPROVE:
        await _approve(work, escalation, order)
    elif order.action is EscalationAction.CARRY_OUT:
        _may_carry_out(escalation)
        escalation.carried_out_on = await work.today()
    elif order.action is EscalationAction.END:
        if not order.outcome:
            invalid("/outcome", "missing", "say what came of it")
        escalation.outcome = order.outcome
    else:
        if not order.reason:
            invalid("/reason", "missing", "say why")
        escalation.reason = order.reason
    escalation.state = step.to.value
    await touch(work, escalation)
    _recorded(work, step.event, escalation)
    return escalation.id


def _accept(escalation: Escalation, order: EscalationTransition) -> None:
    ground = order.ground or (EscalationGround(escalation.ground) if escalation.ground else None)
    channel = order.retained_channel
    missing(rules.missing_for_acceptance(ground=ground, retained_channel=channel.id if channel else None))
    escalation.ground = ground.value if ground else None
    escalation.retained_channel = channel.model_dump(mode="json") if channel else None
    escalation.path = order.path.value if order.path else escalation.path


async def _approve(work: Work, escalation: Escalation, order: EscalationTransition) -> None:
    escalation.path = order.path.value if order.path else escalation.path
    escalation.is_harm_checked = order.is_harm_checked or escalation.is_harm_checked
    path = EscalationPath(escalation.path) if escalation.path else None
    missing(rules.missing_for_approval(path, is_harm_checked=escalation.is_harm_checked))
    escalation.approved_by, escalation.approved_on = person_of(work), await work.today()


def _may_carry_out(escalation: Escalation) -> None:
    missing(
        rules.missing_for_carrying_out(
            EscalationState(escalation.state),
            EscalationStep(escalation.step),
            is_channel_open=escalation.retained_channel is not None,
        )
    )

"""What people do with visits: propose, plan, prepare, make, close. No HTTP, no SQL, no clock of its own."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

from services.visits.assignments.rules import AssignmentAction
from services.visits.conduct import usecases as conduct
from services.visits.teams import queries as team_queries
from services.visits.teams import usecases as teams
from services.visits.teams.schemas import TeamRoleCreate
from services.visits.visits import queries
from services.visits.visits.rules import guards
from services.visits.visits.rules.status import VISIT, VisitAction, VisitPurpose, VisitRole, VisitStatus, VisitType
from services.visits.visits.schemas.npm import VisitCreate, VisitPlaceCreate, VisitTransition, VisitUpdate
from services.visits.visits.tables import Visit, VisitPlace
from shared.db import Work
from shared.errors import Conflict, FieldError, Forbidden, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch

#: Not counted up: numbers in a row would tell an authority that visits lie between those it has seen.
CODE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
#: Facts that other services may read; before a visit has begun they learn ids alone, and only that it is ready.
LEAVING = frozenset(
    f"visits.visit.{fact}"
    for fact in ("started", "obstructed", "resumed", "completed", "debriefed", "closed", "reopened")
)
CHANGEABLE = frozenset({VisitStatus.PROPOSED, VisitStatus.PLANNED, VisitStatus.PREPARING, VisitStatus.POSTPONED})


def new_code(year: int) -> str:
    """Make the code of a visit."""
    return f"V-{year}-" + "".join(secrets.choice(CODE_LETTERS) for _ in range(6))


async def recorded(work: Work, name: str, visit: Visit) -> None:
    """Leave a fact about a visit; it leaves the service only once the visit has begun."""
    places = [str(row["place_id"]) for row in await queries.places_of(work, visit.id)]
    if name == "visits.visit.readied":
        # ids alone, and for services alone: who may read its recommendations depends on the team
        experts = await queries.experts_of(work, visit.id)
        work.record(Event(name, visit.id, {"id": str(visit.id), "place_ids": places, "expert_ids": experts}))
        return
    last = visit.completed_on or visit.last_on
    values = {"id": str(visit.id), "code": visit.code, "type": visit.type, "place_ids": places, "last_day": str(last) if last else None}  # fmt: skip
    work.record(Event(name, visit.id, values, leaves=name in LEAVING))


async def propose_visit(work: Work, new: VisitCreate) -> UUID:
    """Propose a visit; whoever proposes a secret one knows it until others take it over."""
    step = VISIT.create[VisitAction.PROPOSE]
    if not step.by & work.caller.roles:
        raise Forbidden
    visit = Visit(
        **{**new.model_dump(mode="json", include={"type", "announcement", "purposes"}), **queries.span(new.days)},
        **await stamps(work),
        code=new_code((await work.today()).year),
        status=step.to.value,
        justification=new.justification or "",
        activity_id=new.activity_id,
        proposal_id=new.proposal_id,
    )
    work.session.add(visit)
    await work.flush()
    await _put_places(work, visit, new.places)
    if new.lead_id is not None:
        await teams.give_role(work, visit, TeamRoleCreate(person_id=new.lead_id, role=VisitRole.LEAD))
    await recorded(work, step.event, visit)
    return visit.id


async def _put_places(work: Work, visit: Visit, wanted: list[VisitPlaceCreate]) -> None:
    known = await queries.known_places(work, [each.place_id for each in wanted])
    for position, each in enumerate(wanted):
        found = known.get(each.place_id)
        if found is None or found["status"] in ("merged", "rejected"):
            invalid(f"/places/{position}/place_id", "unknown_place", "the register has no place of this id in use")
        if set(each.days) - set(visit.days):
            invalid(f"/places/{position}/days", "not_a_visit_day", "a place's days are days of the visit")
    if len({each.place_id for each in wanted}) != len(wanted):
        invalid("/places", "duplicate_place", "a place stands twice")
    made = [
        VisitPlace(
            visit_id=visit.id, place_id=each.place_id, **queries.span(each.days or visit.days), **await stamps(work)
        )
        for each in wanted
    ]
    await queries.put_places(work, made)


async def update_visit(work: Work, visit_id: UUID, if_match: str, changes: VisitUpdate) -> UUID:
    """Change a visit before it is ready; afterwards its preparation is reopened first."""
    visit = await queries.lock(work, visit_id)
    expect(if_match, await queries.in_full(work, visit_id))
    await teams.require_head_or_team(work, visit)
    if VisitStatus(visit.status) not in CHANGEABLE:
        raise Conflict(f"cannot change a visit while {visit.status}")
    sent = changes.model_dump(mode="python", exclude={"places", "days"})
    for name, value in sent.items():
        setattr(visit, name, value)
    if "days" in changes.model_fields_set:
        await _set_days(work, visit, list(changes.days))  # type: ignore[arg-type]
    if "places" in changes.model_fields_set:
        await work.flush()
        await _put_places(work, visit, list(changes.places))  # type: ignore[arg-type]
    await touch(work, visit)
    await recorded(work, "visits.visit.changed", visit)
    return visit.id


async def _set_days(work: Work, visit: Visit, days: list[date]) -> None:
    for name, value in queries.span(days).items():
        setattr(visit, name, value)
    await work.flush()
    rows = await queries.places_of(work, visit.id)
    await _put_places(work, visit, [VisitPlaceCreate(place_id=row["place_id"]) for row in rows])


async def transition_visit(work: Work, visit_id: UUID, if_match: str, order: VisitTransition) -> UUID:
    """Take a visit one step on; everything that is missing for it is told at once."""
    work.require_action(order.action.value)
    visit = await queries.lock(work, visit_id)
    expect(if_match, await queries.in_full(work, visit_id))
    step = VISIT.step(VisitStatus(visit.status), order.action)
    held = work.caller.roles | await team_queries.functions_of(work, visit.id, queries.person(work))
    if not step.by & held:
        raise Forbidden
    missing = await _ERRORS.get(order.action, _nothing)(work, visit, order)
    if missing:
        raise Conflict("; ".join(dict.fromkeys(each.detail for each in missing)), errors=missing)
    visit.status = step.to.value
    visit.last_reason = order.reason or ""
    await _EFFECTS.get(order.action, _no_effect)(work, visit, order)
    await touch(work, visit)
    await recorded(work, step.event, visit)
    return visit.id


Errors = Callable[[Work, Visit, VisitTransition], Awaitable[list[FieldError]]]


async def _nothing(_work: Work, _visit: Visit, _order: VisitTransition) -> list[FieldError]:
    return []


async def _no_effect(_work: Work, _visit: Visit, _order: VisitTransition) -> None:
    return


async def _to_plan(work: Work, visit: Visit, order: VisitTransition) -> list[FieldError]:
    gaps = guards.planning_gaps(
        days=order.days or visit.days,
        visit_type=VisitType(visit.type),
        has_ground=bool(visit.activity_id or visit.proposal_id or visit.purposes),
        justification=visit.justification,
        is_planned_by_head="head" in work.caller.roles,
    )
    return conduct.as_errors(gaps)


async def _to_replan(work: Work, visit: Visit, order: VisitTransition) -> list[FieldError]:
    if not order.days:
        return conduct.as_errors([guards.VisitGap.DAYS])
    return await _to_plan(work, visit, order)


async def _to_prepare(work: Work, visit: Visit, _order: VisitTransition) -> list[FieldError]:
    roles = {VisitRole(row["role"]) for row in await team_queries.roles_of(work, visit.id)}
    return conduct.as_errors(guards.preparation_gaps(roles))


async def _to_confirm(work: Work, visit: Visit, _order: VisitTransition) -> list[FieldError]:
    return await conduct.confirmation_errors(work, visit)


async def _to_start(work: Work, visit: Visit, _order: VisitTransition) -> list[FieldError]:
    not_today = guards.start_gaps(today=await work.today(), days=visit.days, still_missing=())
    return [*conduct.as_errors(not_today), *await conduct.confirmation_errors(work, visit)]


async def _to_report_obstruction(work: Work, visit: Visit, _order: VisitTransition) -> list[FieldError]:
    if await queries.has_incident(work, visit.id):
        return []
    return [FieldError("", "access_incident", "no access incident was filed for this visit")]


async def _to_end_early(_work: Work, _visit: Visit, order: VisitTransition) -> list[FieldError]:
    gaps = guards.early_end_gaps(
        reason=order.reason or "", is_reprisal_watch_considered=order.is_reprisal_watch_considered
    )
    return conduct.as_errors(gaps)


async def _to_finish(work: Work, visit: Visit, _order: VisitTransition) -> list[FieldError]:
    return await conduct.finish_errors(work, visit)


async def _to_debrief(work: Work, visit: Visit, _order: VisitTransition) -> list[FieldError]:
    return await conduct.debriefing_errors(work, visit)


async def _to_close(_work: Work, visit: Visit, order: VisitTransition) -> list[FieldError]:
    outcome = visit.report_outcome or {}
    gaps = guards.closing_gaps(
        VisitType(visit.type),
        is_report_published=bool(outcome.get("is_published")),
        withheld_reason=str(outcome.get("withheld_reason") or ""),
        has_note_to_file=bool(order.note_to_file),
    )
    return conduct.as_errors(gaps)


async def _with_reason(_work: Work, _visit: Visit, order: VisitTransition) -> list[FieldError]:
    return conduct.as_errors(guards.reason_gaps(order.reason or ""))


async def _begin(work: Work, visit: Visit, _order: VisitTransition) -> None:
    visit.begun_on = await work.today()
    await work.flush()
    await queries.begin_at_places(work, visit.id)
    await teams.walk(work, visit, AssignmentAction.DEPLOY)


async def _complete(work: Work, visit: Visit, _order: VisitTransition) -> None:
    today = await work.today()
    visit.completed_on = min(visit.last_on or today, today)
    if VisitPurpose.REPRISAL_CHECK in visit.purposes:
        await queries.settle_reprisal_checks(work, [row["place_id"] for row in await queries.places_of(work, visit.id)])


async def _confirm(work: Work, visit: Visit, _order: VisitTransition) -> None:
    await conduct.confirm_experts(work, visit)


async def _debrief(work: Work, visit: Visit, _order: VisitTransition) -> None:
    await teams.walk(work, visit, AssignmentAction.DEBRIEF)


async def _close(work: Work, visit: Visit, order: VisitTransition) -> None:
    visit.note_to_file = order.note_to_file or visit.note_to_file
    await teams.walk(work, visit, AssignmentAction.CLOSE)


async def _replan(work: Work, visit: Visit, order: VisitTransition) -> None:
    await _set_days(work, visit, list(order.days))


async def _cancel(work: Work, visit: Visit, _order: VisitTransition) -> None:
    await teams.walk(work, visit, AssignmentAction.WITHDRAW)


async def keep_report_outcome(work: Work, visit_id: UUID, *, is_published: bool, withheld_reason: str = "") -> None:
    """Keep what became of a visit's report; closing the visit asks for it."""
    visit = await queries.lock(work, visit_id)
    visit.report_outcome = {"is_published": is_published, "withheld_reason": withheld_reason}
    await touch(work, visit)
    work.record(Event("visits.visit.report_settled", visit.id, {"is_published": is_published}, leaves=False))


_ERRORS: dict[VisitAction, Errors] = {
    VisitAction.PLAN: _to_plan,
    VisitAction.REPLAN: _to_replan,
    VisitAction.PREPARE: _to_prepare,
    VisitAction.CONFIRM: _to_confirm,
    VisitAction.START: _to_start,
    VisitAction.REPORT_OBSTRUCTION: _to_report_obstruction,
    VisitAction.END_EARLY: _to_end_early,
    VisitAction.FINISH: _to_finish,
    VisitAction.DEBRIEF: _to_debrief,
    VisitAction.CLOSE: _to_close,
    VisitAction.REOPEN: _with_reason,
    VisitAction.POSTPONE: _with_reason,
    VisitAction.CANCEL: _with_reason,
}
_EFFECTS: dict[VisitAction, Callable[[Work, Visit, VisitTransition], Awaitable[Any]]] = {
    VisitAction.CONFIRM: _confirm,
    VisitAction.START: _begin,
    VisitAction.FINISH: _complete,
    VisitAction.END_EARLY: _complete,
    VisitAction.DEBRIEF: _debrief,
    VisitAction.CLOSE: _close,
    VisitAction.REPLAN: _replan,
    VisitAction.CANCEL: _cancel,
}

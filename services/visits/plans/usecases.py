"""Writing, adopting, reviewing and evaluating plans. No HTTP, no SQL, no clock of its own."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.visits.plans import queries
from services.visits.plans.rules import adoption
from services.visits.plans.rules.adoption import PlanContent, Shortfall
from services.visits.plans.rules.status import PLAN, ActivityKind, PlanAction, PlanKind, PlanStatus
from services.visits.plans.schemas import PlanCreate, PlanTransition, PlanUpdate
from services.visits.plans.tables import Plan
from shared.db import Work
from shared.errors import Conflict, FieldError, Forbidden, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import next_number, stamps, touch

DRAFTS = frozenset({PlanStatus.ANALYSING, PlanStatus.DRAFTING, PlanStatus.CONSULTATION, PlanStatus.FINAL_DRAFT})
#: While a plan is evaluated its objectives take their results and lessons; an adopted one is changed by amending it.
OPEN_TO_RESULTS = frozenset({PlanStatus.ADOPTED, PlanStatus.UNDER_REVIEW, PlanStatus.SUPERSEDED})
TEXTS = ("mission", "vision", "mandate_text", "legal_basis")
#: What adoption freezes; it is written anew while the plan is under review, and counts once it is amended.
ADOPTED = (*TEXTS, "title", "from_on", "to_on", "principles", "risk_analysis", "objectives", "activities", "available_days",
  "reserve_days")  # fmt: skip


def _told(plan: Plan) -> dict[str, Any]:
    return {
        "id": str(plan.id),
        "code": plan.code,
        "kind": plan.kind,
        "state": plan.status,
        "from": plan.from_on.isoformat(),
        "to": plan.to_on.isoformat(),
        "place_ids": sorted({each for one in plan.activities for each in one["place_ids"]}),
    }


def _recorded(work: Work, name: str, plan: Plan) -> None:
    work.record(Event(name, plan.id, _told(plan), leaves=name == "visits.plan.adopted"))


async def open_plan(work: Work, new: PlanCreate) -> UUID:
    """Open a plan."""
    step = PLAN.create[PlanAction.OPEN]
    if not step.by & work.caller.roles:
        raise Forbidden
    written = new.model_dump(mode="json")
    plan = Plan(
        **{**written, **{name: written[name] or "" for name in TEXTS}},
        **await stamps(work),
        code=await next_number(work, "plan", "PL"),
        status=step.to.value,
    )
    plan.from_on, plan.to_on, plan.strategic_plan_id = new.from_on, new.to_on, new.strategic_plan_id
    await _check(work, plan)
    work.session.add(plan)
    _recorded(work, step.event, plan)
    return plan.id


async def update_plan(work: Work, plan_id: UUID, if_match: str, changes: PlanUpdate) -> UUID:
    """Change a draft; of a plan in force only what its review or evaluation writes."""
    plan = await queries.lock(work, plan_id)
    expect(if_match, await queries.in_full(work, plan_id))
    if not PLAN.create[PlanAction.OPEN].by & work.caller.roles:
        raise Forbidden
    sent = changes.model_dump(mode="json")
    status = PlanStatus(plan.status)
    writes_results = (
        status in OPEN_TO_RESULTS and set(sent) == {"objectives"} and _only_results(plan, sent["objectives"])
    )
    if status not in DRAFTS and status is not PlanStatus.UNDER_REVIEW and not writes_results:
        raise Conflict(f"cannot change a plan while {plan.status}; review and amend it")
    for name, value in sent.items():
        typed = getattr(changes, name) if name in ("from_on", "to_on", "strategic_plan_id") else value
        setattr(plan, name, typed)
    await _check(work, plan)
    await touch(work, plan)
    _recorded(work, "visits.plan.changed", plan)
    return plan.id


def _only_results(plan: Plan, objectives: list[dict[str, Any]]) -> bool:
    def bare(written: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{name: value for name, value in each.items() if name not in ("result", "lesson")} for each in written]

    return bare(plan.objectives) == bare(objectives)


async def _check(work: Work, plan: Plan) -> None:
    if plan.to_on < plan.from_on:
        invalid("/to_on", "order", "the last day is not before the first")
    for part in ("objectives", "activities"):
        ids = [each["id"] for each in getattr(plan, part)]
        if len(set(ids)) != len(ids):
            invalid(f"/{part}", "duplicate_id", "each has an id of its own within the plan")
    if plan.strategic_plan_id is not None and await queries.find(work, plan.strategic_plan_id) is None:
        invalid("/strategic_plan_id", "unknown_plan", "there is no plan of this id")
    plan.warnings = [each.value for each in adoption.planning_warnings(await _content(work, plan))]


async def _content(work: Work, plan: Plan) -> PlanContent:
    strategy = await queries.find(work, plan.strategic_plan_id) if plan.strategic_plan_id else None
    served = [*plan.objectives, *(strategy.objectives if strategy else ())]
    analysis = plan.risk_analysis or {}
    return PlanContent(
        kind=PlanKind(plan.kind),
        from_on=plan.from_on,
        to_on=plan.to_on,
        mission=plan.mission,
        vision=plan.vision,
        principles=tuple(plan.principles),
        mandate_text=plan.mandate_text,
        legal_basis=plan.legal_basis,
        is_risk_analysis_frozen=analysis.get("frozen_on") is not None,
        objectives=tuple(_objective(each) for each in plan.objectives),
        objective_ids=frozenset(each["id"] for each in served),
        activities=tuple(_activity(each) for each in plan.activities),
        internal_author_ids=await queries.npm_authors(work, plan.author_ids),
        team_sessions=len(plan.team_sessions),
        outside_consultations=sum(each["is_outside"] for each in plan.consultations),
        available_days=plan.available_days,
        reserve_days=plan.reserve_days,
    )


def _objective(each: Mapping[str, Any]) -> adoption.Objective:
    return adoption.Objective(
        text=each["text"],
        rationale=each["rationale"] or "",
        indicators=tuple(
            adoption.Indicator(
                baseline=one["baseline"],
                target=one["target"],
                source=one["source"] or "",
                frequency=one["frequency"] or "",
            )
            for one in each["indicators"]
        ),
        has_assumptions=bool(each["assumptions"]),
        result=each["result"] or "",
        lesson=each["lesson"] or "",
    )


def _activity(each: Mapping[str, Any]) -> adoption.Activity:
    return adoption.Activity(
        title=each["title"],
        kind=ActivityKind(each["kind"]),
        objective_id=each["objective_id"],
        owner_ids=frozenset(each["owner_ids"]),
        has_dates=bool(each["starts_on"] and each["ends_on"]),
        has_budget=each["budget"] is not None,
        days=each["days"],
    )


async def transition_plan(work: Work, plan_id: UUID, if_match: str, order: PlanTransition) -> UUID:
    """Take a plan one step on; adopting tells every gap at once (R-V16, R-V20)."""
    work.require_action(order.action.value)
    plan = await queries.lock(work, plan_id)
    expect(if_match, await queries.in_full(work, plan_id))
    step = PLAN.step(PlanStatus(plan.status), order.action)
    if not step.by & queries.held(work):
        raise Forbidden
    missing = await _missing(work, plan, order.action)
    if missing:
        errors = [FieldError("", each.code, each.sentence) for each in missing]
        raise Conflict("; ".join(each.sentence for each in missing), errors=errors)
    await _settle(work, plan, order)
    plan.status = step.to.value
    plan.last_reason = order.reason or ""
    await touch(work, plan)
    _recorded(work, step.event, plan)
    return plan.id


async def _missing(work: Work, plan: Plan, action: PlanAction) -> tuple[Shortfall, ...]:
    content = await _content(work, plan)
    match action:
        case PlanAction.CONSULT:
            return adoption.consultation_gaps(content)
        case PlanAction.FINALISE:
            return adoption.finalising_gaps(content)
        case PlanAction.ADOPT | PlanAction.AMEND:
            return adoption.adoption_gaps(content)
        case PlanAction.EVALUATE:
            return adoption.evaluation_gaps(content.objectives)
    return ()


async def _settle(work: Work, plan: Plan, order: PlanTransition) -> None:
    today = await work.today()
    match order.action:
        case PlanAction.RETURN | PlanAction.ABANDON | PlanAction.AMEND if not order.reason:
            invalid("/reason", "missing", "say why")
        case PlanAction.ADOPT:
            plan.adopted_on, plan.adopted_content = today, _frozen(plan)
        case PlanAction.CONFIRM if plan.adopted_content != _frozen(plan):
            raise Conflict("the plan was changed in its review; amend it", code="plan_changed")
        case PlanAction.REVIEW:
            if not order.minutes:
                invalid("/minutes", "missing", "add the minutes of the review")
            plan.reviews = [*plan.reviews, {"on": today.isoformat(), "minutes": order.minutes}]
        case PlanAction.AMEND:
            amended = {"on": today.isoformat(), "reason": order.reason, "before": plan.adopted_content or {}}
            plan.amendments, plan.adopted_content = [*plan.amendments, amended], _frozen(plan)
        case PlanAction.SUPERSEDE:
            await _supersede(work, plan, order.successor_id)


def _frozen(plan: Plan) -> dict[str, Any]:
    return {name: str(value) if isinstance(value := getattr(plan, name), date) else value for name in ADOPTED}


async def _supersede(work: Work, plan: Plan, successor_id: UUID | None) -> None:
    successor = await queries.find(work, successor_id) if successor_id else None
    if successor is None or successor.id == plan.id:
        invalid("/successor_id", "missing", "say which plan takes its place")
    if PlanStatus(successor.status) not in (PlanStatus.ADOPTED, PlanStatus.UNDER_REVIEW):
        raise Conflict("the successor is not adopted")
    plan.superseded_by_id = successor.id

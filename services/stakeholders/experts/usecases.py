"""What people do with experts: enter, propose, contract, train, accredit, suspend, end. No HTTP, no SQL."""

from datetime import date
from typing import Any
from uuid import UUID

from services.stakeholders import acting, parts
from services.stakeholders.experts import queries, rules
from services.stakeholders.experts.rules import (
    EXPERT_ENGAGEMENT,
    ContractTerms,
    ExpertAction,
    ExpertGap,
    ExpertStatus,
    Period,
    TrainingKind,
)
from services.stakeholders.experts.schemas import (
    ContractVersionSent,
    EngagementProposal,
    ExpertCreate,
    ExpertEngagementTransition,
    ExpertUpdate,
)
from services.stakeholders.experts.tables import ExpertEngagement
from services.stakeholders.persons import queries as persons
from services.stakeholders.persons.rules import InstitutionPersonKind
from services.stakeholders.persons.tables import Person
from services.stakeholders.persons.usecases import detect_conflicts, past_of, record_change
from services.stakeholders.remuneration_rules import queries as remuneration_rules
from services.stakeholders.standing import usecases as standing
from shared.db import Work
from shared.errors import Conflict, FieldError, Forbidden, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch
from shared.texts import folded

#: Where a new version of a contract is an amendment, which the NPM signs by making it.
_UNDER_CONTRACT = frozenset(ExpertStatus) - {ExpertStatus.CANDIDATE, ExpertStatus.POOLED, ExpertStatus.ENDED}


async def register_expert(work: Work, new: ExpertCreate) -> UUID:
    """Enter an external expert."""
    written = {**new.model_dump(mode="json"), "vetting_passed_on": new.vetting_passed_on}
    person = Person(
        **written, **await stamps(work), kind=InstitutionPersonKind.EXPERT.value, sort_name=folded(new.name)
    )
    work.session.add(person)
    record_change(work, person)
    await detect_conflicts(work, person)
    return person.id


async def update_expert(work: Work, expert_id: UUID, if_match: str, changes: ExpertUpdate) -> UUID:
    """Correct an expert's entry."""
    person = await persons.lock(work, expert_id, is_expert=True)
    expect(if_match, await in_full(work, expert_id))
    before = past_of(person)
    for name, value in changes.model_dump(mode="json").items():
        setattr(person, name, changes.vetting_passed_on if name == "vetting_passed_on" else value)
    person.sort_name = folded(person.name)
    await touch(work, person)
    record_change(work, person)
    await detect_conflicts(work, person, before=before)
    return person.id


async def in_full(work: Work, expert_id: UUID) -> bytes:
    """Render an expert with today's standing."""
    return await queries.in_full(work, expert_id, await standing.standing_of(work, expert_id))


async def propose_expert_engagement(work: Work, expert_id: UUID, new: EngagementProposal) -> UUID:
    """Propose to work with an expert."""
    step = EXPERT_ENGAGEMENT.create[ExpertAction.PROPOSE]
    if not step.by & work.caller.roles:
        raise Forbidden
    await persons.lock(work, expert_id, is_expert=True)
    engagement = ExpertEngagement(
        **new.model_dump(mode="json"), **await stamps(work), person_id=expert_id, status=step.to.value
    )
    work.session.add(engagement)
    await record_step(work, step.event, engagement.id, expert_id)
    return engagement.id


async def add_contract_version(work: Work, expert_id: UUID, engagement_id: UUID, new: ContractVersionSent) -> UUID:
    """Draft a version of the contract; under a contract the new version needs the expert's signature again."""
    engagement = await queries.lock(work, expert_id, engagement_id)
    status = ExpertStatus(engagement.status)
    if status is ExpertStatus.ENDED:
        raise Conflict("the engagement has ended")
    if new.to_on < new.from_on:
        invalid("/to_on", "ends_before_it_begins", "it ends before it begins")
    signed_on = (await work.today()).isoformat() if status in _UNDER_CONTRACT else None
    version = {**new.model_dump(mode="json"), "version": len(engagement.contracts) + 1, "signed_by_npm_on": signed_on}
    engagement.contracts = [*engagement.contracts, version]
    await touch(work, engagement)
    await record_step(work, "stakeholders.expert_engagement.contract_drafted", engagement.id, expert_id)
    return engagement.id


async def transition_expert_engagement(
    work: Work, expert_id: UUID, engagement_id: UUID, if_match: str, order: ExpertEngagementTransition
) -> UUID:
    """Pool, contract, train, accredit, suspend, reinstate or end; signing secrecy is the expert's own act."""
    acting.require(work, EXPERT_ENGAGEMENT, order.action)
    engagement = await queries.lock(work, expert_id, engagement_id)
    expect(if_match, await queries.engagement(work, expert_id, engagement_id))
    step = EXPERT_ENGAGEMENT.step(ExpertStatus(engagement.status), order.action)
    person = await persons.lock(work, expert_id, is_expert=True)
    _refuse(await _gaps(work, engagement, person, order))
    await _carry_out(work, engagement, person, order)
    engagement.status = step.to.value
    engagement.reason = order.reason or engagement.reason
    await touch(work, engagement)
    await record_step(work, step.event, engagement.id, expert_id)
    return engagement.id


async def _gaps(
    work: Work, engagement: ExpertEngagement, person: Person, order: ExpertEngagementTransition
) -> tuple[ExpertGap, ...]:
    today = await work.today()
    match order.action:
        case ExpertAction.POOL:
            return rules.pooling_gaps(
                is_vetting_passed=person.vetting_passed_on is not None,
                is_route_noted=bool(engagement.route_note.strip()),
                was_told_of_preparation=engagement.was_told_of_preparation,
            )
        case ExpertAction.CONTRACT:
            return await _contracting_gaps(work, engagement, person, today)
        case ExpertAction.RECORD_TRAINING:
            if order.training is None:
                invalid("/training", "missing", "say which training, and until when it counts")
            kinds = [TrainingKind(each["kind"]) for each in person.trainings]
            return rules.training_gaps([*kinds, order.training.kind])
        case ExpertAction.ACCREDIT:
            return rules.accreditation_gaps(await standing.accreditation_periods(work, person.id), today)
        case _:
            await _need_reason(work, engagement, order.action, order.reason, today)
            return ()


async def _contracting_gaps(
    work: Work, engagement: ExpertEngagement, person: Person, today: date
) -> tuple[ExpertGap, ...]:
    versions = await versions_of(work, person.id, engagement.id)
    latest = versions[-1] if versions else None
    return rules.contracting_gaps(
        _terms(latest),
        is_vetting_passed=person.vetting_passed_on is not None,
        are_remuneration_rules_published=await remuneration_rules.are_in_force(work, today),
        are_conflicts_declared=bool(latest and latest["are_conflicts_declared"]),
    )


def _terms(version: dict[str, Any] | None) -> ContractTerms:
    told = version or {}
    return ContractTerms(
        period=Period(from_on=date.fromisoformat(told["from_on"]), to_on=date.fromisoformat(told["to_on"]))
        if told
        else None,
        tasks=told.get("tasks", ""),
        immunities_clause=told.get("immunities_clause", ""),
        immunities_scope=told.get("immunities_scope", ""),
        confidentiality_clause=told.get("confidentiality_clause", ""),
        names_article_21_2=told.get("names_article_21_2", False),
        excludes_representation=told.get("excludes_representation", False),
        is_code_acknowledged=told.get("is_code_acknowledged", False),
        is_signed_by_expert=bool(told.get("signed_by_expert_on")),
    )


async def versions_of(work: Work, expert_id: UUID, engagement_id: UUID) -> list[dict[str, Any]]:
    """Give the versions of an engagement's contract with their signatures."""
    told = [each for each in await queries.states(work, expert_id) if each["id"] == engagement_id]
    return parts.read(told[0]["versions"]) if told else []


async def _need_reason(
    work: Work, engagement: ExpertEngagement, action: ExpertAction, reason: str | None, today: date
) -> None:
    if action is ExpertAction.END:
        versions = await versions_of(work, engagement.person_id, engagement.id)
        is_past = bool(versions) and today > date.fromisoformat(versions[-1]["to_on"])
        if rules.may_end(by_role="head", reason=reason or "", is_past_contract=is_past):
            return
    elif reason:
        return
    invalid("/reason", "missing", "say why")


async def _carry_out(
    work: Work, engagement: ExpertEngagement, person: Person, order: ExpertEngagementTransition
) -> None:
    if order.action is ExpertAction.CONTRACT:
        today = (await work.today()).isoformat()
        engagement.contracts = [*engagement.contracts[:-1], {**engagement.contracts[-1], "signed_by_npm_on": today}]
    if order.action is ExpertAction.RECORD_TRAINING and order.training is not None:
        person.trainings = [*person.trainings, order.training.model_dump(mode="json")]
        await touch(work, person)


def _refuse(gaps: tuple[ExpertGap, ...]) -> None:
    if gaps:
        raise Conflict(
            "; ".join(gap.label for gap in gaps), errors=[FieldError("", gap.value, gap.label) for gap in gaps]
        )


async def record_step(work: Work, event: str, engagement_id: UUID, expert_id: UUID) -> None:
    """Tell the other services state, dates and standing; never terms or reasons."""
    await work.flush()
    told = next(each for each in await queries.states(work, expert_id) if each["id"] == engagement_id)
    versions = parts.read(told["versions"])
    in_standing = (await standing.standing_of(work, expert_id))["in_standing"]
    work.record(
        Event(
            event,
            engagement_id,
            {
                "person_id": str(expert_id),
                "state": told["status"],
                "in_standing": in_standing,
                "from": versions[-1]["from_on"] if versions else None,
                "to": versions[-1]["to_on"] if versions else None,
            },
        )
    )

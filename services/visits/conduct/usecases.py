"""Preparing, making and debriefing a visit, and what is missing before each of its acts. No HTTP, no SQL, no clock of its own."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.visits.assignments.rules import AssignmentAction
from services.visits.conduct.schemas import DebriefingRecord, MeetingRecord, PreparationRecord, SessionRecord
from services.visits.teams import queries as team_queries
from services.visits.teams import usecases as teams
from services.visits.visits import queries
from services.visits.visits.rules import guards
from services.visits.visits.rules.guards import VisitGap
from services.visits.visits.rules.status import GOING_ROLES, VISIT, MeetingKind, VisitAction, VisitPurpose, VisitStatus
from services.visits.visits.rules.team import PersonKind, missing_expertise
from services.visits.visits.tables import Visit
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import touch

ACCOMPANYING = frozenset({PersonKind.MEMBER.value, PersonKind.STAFF.value})


def as_errors(gaps: Iterable[VisitGap]) -> list[FieldError]:
    """Write gaps as errors."""
    return [FieldError("", gap.value, gap.label) for gap in gaps]


async def confirmation_errors(work: Work, visit: Visit) -> list[FieldError]:
    """Say all that stands between a prepared visit and its being ready: the team, each problem by itself, and the papers."""
    problems = await teams.problems(work, visit)
    preparation = visit.preparation or {}
    gaps = guards.confirmation_gaps(
        has_team_problems=bool(problems),
        is_expertise_checked=bool(preparation.get("is_expertise_checked")),
        has_interview_plan=bool(visit.interview_plan),
        is_joint=VisitPurpose.JOINT_WITH_BODY in visit.purposes,
        agreement=_agreement(visit),
    )
    return [*as_errors(gaps), *teams.told(problems, await teams.names(work, visit))]


def _agreement(visit: Visit) -> guards.JointAgreement | None:
    agreed = visit.joint_agreement
    if agreed is None:
        return None
    return guards.JointAgreement(
        is_signed=agreed["signed_on"] is not None,
        urgent_action_protocol=agreed["urgent_action_protocol"] or "",
        information_use_terms=agreed["information_use_terms"] or "",
        are_partners_assured=agreed["are_partners_assured"],
    )


async def finish_errors(work: Work, visit: Visit) -> list[FieldError]:
    """Say what the conduct of a visit still owes (R-V67, R-V74)."""
    kinds = {str(row["person_id"]): row["kind"] for row in await team_queries.roles_of(work, visit.id)}
    conduct = [
        guards.PlaceConduct(
            meetings=frozenset(MeetingKind(each["kind"]) for each in _talks(visit, place.place_id) if each["is_held"]),
            reason="; ".join(each["reason"] for each in _talks(visit, place.place_id) if not each["is_held"]),
        )
        for place in await teams.places(work, visit)
    ]
    sessions = [_presence(each["present_ids"], kinds) for each in visit.sessions]
    return as_errors(guards.finish_gaps(places=conduct, sessions=sessions, interviews=()))


def _talks(visit: Visit, place_id: str) -> list[dict[str, Any]]:
    return [each for each in visit.meetings if each["place_id"] == place_id]


def _presence(present: Iterable[str], kinds: Mapping[str, str]) -> guards.SessionPresence:
    held = [kinds.get(str(person), "") for person in present]
    return guards.SessionPresence(
        experts=held.count(PersonKind.EXPERT.value), members_or_staff=sum(kind in ACCOMPANYING for kind in held)
    )


async def debriefing_errors(work: Work, visit: Visit) -> list[FieldError]:
    """Say what is missing after the debriefing: every expert who went was there, or wrote (R-V89)."""
    went = [row for row in await team_queries.roles_of(work, visit.id) if row["role"] in GOING_ROLES]
    experts = frozenset(str(row["person_id"]) for row in went if row["kind"] == PersonKind.EXPERT)
    gaps = guards.debriefing_gaps(
        is_recorded=visit.debriefing is not None, expert_ids=experts, heard_ids=frozenset(_heard(visit))
    )
    return as_errors(gaps)


def _heard(visit: Visit) -> set[str]:
    told = visit.debriefing or {}
    return {*told.get("participant_ids", ()), *(each["person_id"] for each in told.get("expert_inputs", ()))}


async def _opened(work: Work, visit_id: UUID, *states: VisitStatus) -> Visit:
    visit = await queries.lock(work, visit_id)
    await teams.require_head_or_team(work, visit)
    if VisitStatus(visit.status) not in states:
        raise Conflict(f"cannot record this while {visit.status}")
    return visit


async def _kept(work: Work, visit: Visit, name: str, **values: Any) -> UUID:
    await touch(work, visit)
    work.record(Event(name, visit.id, {"id": str(visit.id), **values}, leaves=False))
    return visit.id


async def record_preparation(work: Work, visit_id: UUID, if_match: str, told: PreparationRecord) -> UUID:
    """Keep how a visit is prepared; taking part in it is what lets an expert go (R-V58)."""
    visit = await _opened(work, visit_id, VisitStatus.PLANNED, VisitStatus.PREPARING)
    expect(if_match, await queries.in_full(work, visit_id))
    roles = await team_queries.roles_of(work, visit.id)
    _require_team({each.person_id for each in told.participations}, roles, "/participations")
    written = told.model_dump(mode="json")
    plan, agreement = written.pop("interview_plan"), written.pop("joint_agreement")
    missing = missing_expertise(told.required_expertise, [row["expertise"] for row in roles])
    visit.preparation = {
        **written,
        "interview_strategy": written["interview_strategy"] or "",
        "missing_expertise": list(missing),
    }
    visit.interview_plan = [
        {**each, "is_cover_thin": guards.is_cover_thin(each["cover_count"], each["unit_population"] or 0)}
        for each in plan
    ]
    visit.joint_agreement = agreement
    await team_queries.note_prepared(work, visit.id, {each.person_id: each.on for each in told.participations})
    return await _kept(work, visit, "visits.visit.preparation_recorded")


def _require_team(person_ids: set[UUID], roles: Iterable[Mapping[str, Any]], pointer: str) -> None:
    if person_ids - {row["person_id"] for row in roles}:
        invalid(pointer, "not_on_team", "only people with a role in the visit can stand here")


async def _require_place(work: Work, visit: Visit, place_id: UUID, on: date) -> None:
    if str(place_id) not in {place.place_id for place in await teams.places(work, visit)}:
        invalid("/place_id", "not_a_place", "this is no place of the visit")
    if on not in visit.days:
        invalid("/on", VisitGap.NOT_A_VISIT_DAY.value, "this is no day of the visit")


async def record_session(work: Work, visit_id: UUID, told: SessionRecord) -> UUID:
    """Keep a stretch of work; an expert is never at it without a member or staff of the NPM (R-V67)."""
    visit = await _opened(work, visit_id, VisitStatus.IN_PROGRESS)
    await _require_place(work, visit, told.place_id, told.on)
    roles = await team_queries.roles_of(work, visit.id)
    _require_team(set(told.present_ids), roles, "/present_ids")
    presence = _presence(map(str, told.present_ids), {str(row["person_id"]): row["kind"] for row in roles})
    if guards.is_expert_alone(presence):
        gap = VisitGap.EXPERT_ALONE
        raise Conflict(gap.label, errors=[FieldError("/present_ids", gap.value, gap.label)])
    visit.sessions = [*visit.sessions, {"id": str(uuid4()), **told.model_dump(mode="json")}]
    return await _kept(work, visit, "visits.visit.session_recorded", place_id=str(told.place_id))


async def record_meeting(work: Work, visit_id: UUID, told: MeetingRecord) -> UUID:
    """Keep a talk with the place, or why there was none."""
    visit = await _opened(work, visit_id, VisitStatus.IN_PROGRESS, VisitStatus.OBSTRUCTED)
    await _require_place(work, visit, told.place_id, told.on)
    if not told.is_held and not told.reason:
        invalid("/reason", "missing", "say why it was not held")
    written = {name: value or "" if name in ("reason", "with_whom") else value for name, value in told.model_dump(mode="json").items()}  # fmt: skip
    visit.meetings = [*visit.meetings, {"id": str(uuid4()), **written}]
    return await _kept(work, visit, "visits.visit.meeting_recorded", place_id=str(told.place_id), kind=told.kind.value)


async def record_debriefing(work: Work, visit_id: UUID, if_match: str, told: DebriefingRecord) -> UUID:
    """Keep what the team said afterwards."""
    visit = await _opened(work, visit_id, VisitStatus.DEBRIEFING)
    expect(if_match, await queries.in_full(work, visit_id))
    heard = {*told.participant_ids, *(each.person_id for each in told.expert_inputs)}
    _require_team(heard, await team_queries.roles_of(work, visit.id), "/participant_ids")
    visit.debriefing = told.model_dump(mode="json")
    await teams.debriefed(work, visit, {str(each) for each in heard}, told.on)
    return await _kept(work, visit, "visits.visit.debriefing_recorded")


async def recheck(work: Work, person_id: UUID) -> None:
    """Send ready visits back to preparation when an event broke a condition of their confirmation."""
    for visit_id in await team_queries.ready_with(work, person_id):
        visit = await queries.lock(work, visit_id)
        if not await confirmation_errors(work, visit):
            continue
        step = VISIT.step(VisitStatus.READY, VisitAction.REOPEN_PREPARATION)
        visit.status = step.to.value
        await touch(work, visit)
        work.record(Event(step.event, visit.id, {"id": str(visit.id)}, leaves=False))


async def confirm_experts(work: Work, visit: Visit) -> None:
    """Lead the assignments of experts who may go to `prepared`."""
    await teams.walk(work, visit, AssignmentAction.CLEAR, AssignmentAction.CONFIRM, AssignmentAction.PREPARE)

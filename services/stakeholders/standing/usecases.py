"""Whether an expert is in standing, told with reasons, and what conflicts keep the expert from. Changes nothing."""

from datetime import date
from typing import Any
from uuid import UUID

from services.stakeholders import parts
from services.stakeholders.conflicts import queries as conflicts
from services.stakeholders.conflicts.rules import (
    Conflict,
    ConflictEffect,
    ConflictStatus,
    ConflictTargetKind,
    Involvement,
    excludes,
    takes_access,
)
from services.stakeholders.experts import queries as experts
from services.stakeholders.experts.rules import ExpertStatus, Period, standing
from services.stakeholders.persons import queries as persons
from services.stakeholders.standing import queries
from shared.db import Work

#: What a matter is to the services: a visit, or a case of a complaint; the claim has one name for them.
_LISTS = {
    ConflictTargetKind.PLACE: "places",
    ConflictTargetKind.AUTHORITY: "authorities",
    ConflictTargetKind.PERSON: "persons",
    ConflictTargetKind.MATTER: "visits",
}
NO_ENGAGEMENT = "no_engagement"
CONFLICT_ENDS_FUNCTION = "conflict_ends_function"


def contract_periods(versions: list[dict[str, Any]]) -> list[Period]:
    """Give the times of the contract versions that both sides have signed."""
    return [
        Period(from_on=date.fromisoformat(each["from_on"]), to_on=date.fromisoformat(each["to_on"]))
        for each in versions
        if each["signed_by_npm_on"] and each["signed_by_expert_on"]
    ]


async def accreditation_periods(work: Work, expert_id: UUID) -> list[Period]:
    """Give the times of the accreditations that authorities have granted to somebody."""
    return [Period(from_on=each["from_on"], to_on=each["to_on"]) for each in await experts.accredited(work, expert_id)]


async def standing_of(work: Work, expert_id: UUID) -> dict[str, Any]:
    """Say whether an expert may work for the NPM today, and if not, why."""
    today = await work.today()
    engagements = await experts.states(work, expert_id)
    reasons: list[str] = [NO_ENGAGEMENT]
    if engagements:
        present = engagements[0]
        judged = standing(
            ExpertStatus(present["status"]),
            contracts=contract_periods(parts.read(present["versions"])),
            training_valid_until=await experts.trained_until(work, expert_id),
            accreditations=await accreditation_periods(work, expert_id),
            day=today,
        )
        reasons = [reason.value for reason in judged.reasons]
    on_record = [_conflict(each) for each in await conflicts.of_person(work, expert_id)]
    if any(excludes(each, today, Involvement.FUNCTION) for each in on_record):
        reasons.append(CONFLICT_ENDS_FUNCTION)
    return {"in_standing": not reasons, "reasons": reasons}


async def recusal_of(work: Work, person_id: UUID) -> dict[str, Any]:
    """Say what conflicts keep somebody who works for the NPM from today, and whether one ends the function whole."""
    on_record, today = await conflicts.of_person(work, person_id), await work.today()
    return {
        "ends_function": any(excludes(_conflict(each), today, Involvement.FUNCTION) for each in on_record),
        "excluded": await _excluded(work, on_record, today),
    }


async def excluded_of(work: Work, person_id: UUID) -> dict[str, list[str]]:
    """Give what conflicts keep somebody from today; an open question excludes as a precaution (T5)."""
    return await _excluded(work, await conflicts.of_person(work, person_id), await work.today())


async def _excluded(work: Work, on_record: list[dict[str, Any]], today: date) -> dict[str, list[str]]:
    found: dict[ConflictTargetKind, set[UUID]] = {kind: set() for kind in ConflictTargetKind}
    for each in on_record:
        target = ConflictTargetKind(each["target_kind"])
        if takes_access(_conflict(each), target, today):
            found[target].add(each["target_id"])
    told = {name: sorted(str(each) for each in found[kind]) for kind, name in _LISTS.items()}
    return {**told, "authorities": await queries.with_all_under(work, found[ConflictTargetKind.AUTHORITY])}


async def excluded_of_secondee(work: Work, person_id: UUID) -> dict[str, list[str]]:
    """Give what a seconded official is kept from: the origin (R-S86), and what conflicts exclude like anybody's.

    No authority is given where no origin is known: whoever asks then keeps the secondee from everything.
    """
    origin = await persons.origin_of(work, person_id)
    found = await excluded_of(work, person_id)
    found["authorities"] = sorted({*found["authorities"], *origin}) if origin else []
    return found if origin else {name: [] for name in found}


def _conflict(row: dict[str, Any]) -> Conflict:
    return Conflict(
        status=ConflictStatus(row["status"]),
        effect=ConflictEffect(row["effect"]),
        from_on=row["from_on"],
        until_on=row["until_on"],
    )

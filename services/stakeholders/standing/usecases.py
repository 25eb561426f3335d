"""Whether an expert is in standing, told with reasons, and what conflicts keep the expert from. Changes nothing."""

from datetime import date
from typing import Any
from uuid import UUID

from services.stakeholders import parts
from services.stakeholders.conflicts import queries as conflicts
from services.stakeholders.conflicts.rules import Conflict, ConflictEffect, ConflictStatus, Involvement, excludes
from services.stakeholders.experts import queries as experts
from services.stakeholders.experts.rules import ExpertStatus, Period, standing
from services.stakeholders.persons import queries as persons
from shared.db import Work

#: What a matter is to the services: a visit.
_LISTS = {"place": "places", "authority": "authorities", "person": "persons", "matter": "visits"}
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


async def excluded_of(work: Work, expert_id: UUID) -> dict[str, list[str]]:
    """Give what conflicts keep an expert from today; an open question excludes as a precaution (T5)."""
    today = await work.today()
    found: dict[str, list[str]] = {name: [] for name in ("places", "authorities", "persons", "visits")}
    for each in await conflicts.of_person(work, expert_id):
        involvement = Involvement.INTERVIEW if each["target_kind"] == "person" else Involvement.VISIT
        if excludes(_conflict(each), today, involvement):
            found[_LISTS[each["target_kind"]]].append(str(each["target_id"]))
    return {name: sorted(set(ids)) for name, ids in found.items()}


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

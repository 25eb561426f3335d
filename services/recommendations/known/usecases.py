"""Keeping what other services tell: names, and who is on a visit. Decides nothing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.recommendations.known import queries
from shared.db import Work


async def keep_stakeholder(work: Work, stakeholder_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep the name behind the id of an authority, a department or a body."""
    await queries.keep_stakeholder(work, stakeholder_id, told)


async def keep_person(work: Work, person_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep the name behind a person's id."""
    await queries.keep_person(work, person_id, told)


async def keep_places(work: Work, told: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep what recommendations show of places, by their ids."""
    await queries.keep_places(work, told)


async def keep_report(work: Work, report_id: UUID, state: str, told: Mapping[str, Any]) -> None:
    """Keep a report's name and how far it has come."""
    await queries.keep_report(work, report_id, state, told)


async def keep_team(work: Work, visit_id: UUID, expert_ids: list[str]) -> None:
    """Keep which experts are on the team of a visit."""
    await queries.keep_team(work, visit_id, expert_ids)


async def keep_visits(work: Work, told: Mapping[str, list[str]]) -> None:
    """Keep to which places visits go, by their ids."""
    await queries.keep_visits(work, told)

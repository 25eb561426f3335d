"""The figures of implementation, computed at reading from what is on record."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from services.recommendations.dashboards import explanations, queries, rules
from services.recommendations.dashboards.rules import Asked, Finding, FollowedUp, Period, Rate
from services.recommendations.dashboards.schemas import DashboardFilters, ImplementationChart, ImplementationDashboard
from shared.db import Work


async def dashboard(work: Work, filters: DashboardFilters) -> ImplementationDashboard:
    """Compute F5 over what the filters choose."""
    as_of, period = await _period(work, filters)
    followed = [_followed(row) for row in await queries.chosen(work, queries.FOLLOWED, filters, as_of)]
    asked = [_asked(row) for row in await queries.chosen(work, queries.ASKED, filters, as_of)]
    reported = (await queries.chosen(work, queries.REPORTED_ONLY, filters, as_of))[0]["counted"]
    responses = {**_figures(rules.responses(asked, as_of=as_of)), "reported_only": reported}
    told = {
        "as_of": as_of,
        "period_from": period.from_on,
        "period_to": period.to_on,
        "implementation": _figures(rules.implementation(followed, period=period, as_of=as_of)),
        "answers": responses,
        "trend": [_figures(point) for point in rules.trend(followed, period=period, as_of=as_of)],
    }
    return ImplementationDashboard.model_validate(told)


async def chart(work: Work, filters: DashboardFilters) -> ImplementationChart:
    """Give the chart of status by authority as a specification."""
    as_of, _ = await _period(work, filters)
    rows = await queries.chosen(work, queries.BY_AUTHORITY, filters, as_of)
    return ImplementationChart(as_of=as_of, vega_lite=explanations.chart(rows, as_of))


async def picture(work: Work, filters: DashboardFilters) -> str:
    """Draw the chart as SVG."""
    made = await chart(work, filters)
    return await asyncio.to_thread(explanations.picture, made.vega_lite)


async def _period(work: Work, filters: DashboardFilters) -> tuple[date, Period]:
    to_on = filters.period_to or await work.today()
    from_on = filters.period_from or to_on - timedelta(days=365)
    return to_on, Period(from_on=from_on, to_on=to_on)


def _followed(row: Mapping[str, Any]) -> FollowedUp:
    findings = tuple(
        Finding(on=date.fromisoformat(each["on"]), status=each["status"], has_other_evidence=each["other"])
        for each in json.loads(row["findings"])
        if each["on"] and each["status"]
    )
    rest = {name: value for name, value in row.items() if name not in ("findings", "obstacles")}
    return FollowedUp(**rest, findings=findings, obstacles=frozenset(row["obstacles"]))


def _asked(row: Mapping[str, Any]) -> Asked:
    return Asked(
        asked_on=row["requested_on"], due_on=row["due_on"], answered_on=row["answered_on"], position=row["position"]
    )


def _figures(computed: Any) -> dict[str, Any]:
    """Give computed figures as members, each rate with its numbers and its value."""
    plain = asdict(computed)
    rates = {name: value for name in plain if isinstance(value := getattr(computed, name), Rate)}
    return {**plain, **{name: {**plain[name], "value": rate.value} for name, rate in rates.items()}}

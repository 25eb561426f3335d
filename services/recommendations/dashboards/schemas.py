"""The implementation dashboard: rates with their numbers beside them."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.recommendations.recommendations.rules import Priority
from shared.schemas import Day, Shown
from shared.themes import Theme


class DashboardFilters(BaseModel):
    """What the figures are about."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    authority_id: UUID | None = None
    """Addressed to this authority."""
    place_id: UUID | None = None
    """About this place."""
    theme: Annotated[list[Theme], Field(max_length=80)] | None = None
    """Any of these themes."""
    priority: Annotated[list[Priority], Field(max_length=4)] | None = None
    """Any of these priorities."""
    period_from: Day | None = None
    """First day of the period that closed recommendations are counted in; twelve months before its end if left out."""
    period_to: Day | None = None
    """Last day of the period, and the day the figures speak of; today if left out."""
    with_imported: bool = True
    """Whether imported history counts."""


class ShareShown(Shown):
    """A share with its numbers."""

    part: float
    whole: int
    value: float | None
    """The share itself; null where nothing can be divided."""


class ImplementationFigures(Shown):
    """What became of the recommendations."""

    counted: int
    """In follow-up, or closed in the period, and still applicable."""
    assessable: int
    implementation_rate: ShareShown
    """Implemented, and half of partially implemented, of what can be assessed."""
    strict_rate: ShareShown
    """Implemented alone."""
    verified_share: ShareShown
    """Of the findings, those with evidence other than the authority's answer."""
    claim_gap: ShareShown
    """Of what is claimed as implemented and was assessed, what was found otherwise."""
    by_status: dict[str, int]
    by_obstacle: dict[str, int]
    by_root_cause_level: dict[str, int]
    regressed: int
    stalled: int


class ResponseFigures(Shown):
    """How the addressees answered."""

    due: int
    response_rate: ShareShown
    on_time: ShareShown
    acceptance: ShareShown
    median_days_to_response: float | None
    overdue_ageing: dict[str, int]
    reported_only: int
    """Addressees of whom a source gives only a count of replies; they are in no rate."""


class TrendPoint(Shown):
    """The implementation rate of one cohort (year of publication) at the end of one quarter."""

    cohort: int
    quarter: str
    implementation_rate: ShareShown


class ImplementationDashboard(Shown):
    """The figures of implementation (F5)."""

    as_of: Day
    period_from: Day
    period_to: Day
    implementation: ImplementationFigures
    answers: ResponseFigures
    trend: list[TrendPoint]


class ImplementationChart(Shown):
    """The chart of the dashboard, for any Vega-Lite viewer."""

    as_of: Day
    vega_lite: dict[str, Any]
    """A Vega-Lite specification with its data inside."""

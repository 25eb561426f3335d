"""What goes in and out about the stakeholder map."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import MISSING, Field

from services.stakeholders.authorities.rules import AuthorityCategory, DialogueCircle, StakeholderKind
from services.stakeholders.mapping.rules import Quadrant
from shared.schemas import Day, Reference, Sent, ShortText, Shown, Whole

Degree = Annotated[int, Field(ge=1, le=4), Whole]


class AuthorityMappingUpdate(Sent):
    """An assessment; only what is sent changes. It counts as reviewed today."""

    influence: Degree | MISSING | None = MISSING
    """From 1, little, to 4, much."""
    openness: Degree | MISSING | None = MISSING
    """Openness to dialogue, from 1, closed, to 4, open."""
    attitude: ShortText | MISSING | None = MISSING
    """Where the institution stands."""
    strategy: ShortText | MISSING | None = MISSING
    """How to go about it."""


class AuthorityMapping(Shown):
    """How the NPM finds an institution. INT: absent from everything the institution can read."""

    authority: Reference
    influence: int | None
    openness: int | None
    quadrant: Quadrant | None
    attitude: str | None
    strategy: str | None
    reviewed_on: Day | None
    next_review_on: Day | None
    is_review_due: bool


class MatrixItem(Shown):
    """An institution on the map."""

    id: UUID
    name: str
    kind: StakeholderKind
    category: AuthorityCategory | None
    influence: int
    openness: int
    quadrant: Quadrant
    relation_state: str | None


class MappingMatrix(Shown):
    """The map: every open institution that has been assessed."""

    items: list[MatrixItem]
    missing_circles: list[DialogueCircle]
    """Of the four circles that a map covers, those nobody on it stands for (R-S04)."""
    not_assessed: int
    """How many open authorities wait for an assessment."""


class MatrixChart(Shown):
    """The map as a chart."""

    vega_lite: dict[str, Any]
    """A Vega-Lite specification, complete with its data: hand it to any viewer."""

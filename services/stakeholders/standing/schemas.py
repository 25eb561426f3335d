"""What the inside asks and hears about an expert's standing. No name, no reason of a conflict."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.schemas import Shown


class StandingQuestion(BaseModel):
    """Whose standing is asked for."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    expert_id: UUID
    """The expert's record."""


class SecondmentQuestion(BaseModel):
    """Whose origin is asked for."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    person_id: UUID
    """The seconded official."""


class RecusalQuestion(BaseModel):
    """Whose conflicts are asked for."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    person_id: UUID
    """Somebody who works for the NPM."""


class ExcludedMatters(Shown):
    """What conflicts keep somebody from."""

    places: list[UUID]
    authorities: list[UUID]
    persons: list[UUID]
    visits: list[UUID]


class SecondmentAnswer(Shown):
    """What a seconded official is kept out of, whatever the role: nothing is named where no origin is known."""

    person_id: UUID
    excluded: ExcludedMatters


class RecusalAnswer(Shown):
    """What somebody's conflicts of interest keep from that person today. Nobody by that id is kept from nothing."""

    person_id: UUID
    ends_function: bool
    """Whether a conflict ends all work for the NPM, such as an incompatible office."""
    excluded: ExcludedMatters


class StandingAnswer(Shown):
    """Whether an expert may work today, why not, and what the expert is kept out of."""

    expert_id: UUID
    in_standing: bool
    reasons: list[str]
    excluded: ExcludedMatters

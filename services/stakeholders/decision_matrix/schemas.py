"""What goes in and out about the decision matrix."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.stakeholders.decision_matrix.rules import DecisionTopic
from shared.schemas import Reference, Sent, Shown


class DecisionMatrixEntrySent(Sent):
    """Who decides on a topic, beside the head."""

    topic: DecisionTopic
    """The topic."""
    decider_id: UUID
    """A member of the NPM."""
    deputy_id: UUID | None = None
    """Who decides in their absence."""


class DecisionMatrixReplacement(Sent):
    """The whole matrix; what is not in it is the head's alone."""

    entries: Annotated[list[DecisionMatrixEntrySent], Field(max_length=50)]
    """One for each topic on which somebody beside the head decides."""


class DecisionMatrixEntryShown(Shown):
    """Who decides on a topic, beside the head, and the scopes that come with it."""

    topic: DecisionTopic
    decider: Reference
    deputy: Reference | None
    scopes: list[str]


class DecisionMatrix(Shown):
    """Who decides on what, beside the head, who decides on everything."""

    entries: list[DecisionMatrixEntryShown]

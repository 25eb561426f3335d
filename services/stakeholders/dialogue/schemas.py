"""What goes in and out about the relation with an authority. INT: the authority never hears that it exists."""

from uuid import UUID

from services.stakeholders.dialogue.rules import HealthWarning, RelationAction, RelationStatus
from shared.schemas import Reference, Sent, ShortText, Shown


class DialogueRelationTransition(Sent):
    """An act on a relation that changes its state."""

    action: RelationAction
    """What to do."""
    account: ShortText | None = None
    """What happened or changed, or the ground; needed to mark strained, to restore, to escalate and to end."""
    retained_channel_id: UUID | None = None
    """The contact that stays open; needed to escalate."""
    has_no_successor: bool = False
    """To end: that nobody took over, where the directory names no successor."""


class HealthPart(Shown):
    """One part of H: what was counted, and the points it gives."""

    part: int
    whole: int
    """0 means that nothing is known, which counts one half."""
    points: float
    highest: float


class HealthParts(Shown):
    """The four parts of H (F6)."""

    direct_contacts: HealthPart
    answers_on_time: HealthPart
    commitments_kept: HealthPart
    focal_point: HealthPart


class RelationHealth(Shown):
    """H, between 0 and 100, over six months; computed when it is read. It only suggests."""

    score: float
    parts: HealthParts
    warnings: list[HealthWarning]
    suggests_strained: bool


class DialogueRelation(Shown):
    """How the dialogue with an authority stands."""

    authority: Reference
    state: RelationStatus
    account: str | None
    """What was said at the last change."""
    retained_channel: Reference | None
    """The contact that stays open, whatever happens."""
    health: RelationHealth
    allowed_actions: list[RelationAction]

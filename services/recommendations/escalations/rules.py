"""The rules of escalation: the ladder F6 and the way of one step from idea to outcome.

Pure: no database, no HTTP, no clock. Never breaks off contact: every step keeps a channel open, and nothing beyond
high-level contact happens without the head.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.workflow import NPM, SYSTEM, Vocabulary, Workflow, step


class EscalationState(Vocabulary):
    """The states of the machine `escalation`."""

    SUGGESTED = "suggested", "Suggested"
    ACCEPTED = "accepted", "Accepted"
    APPROVED = "approved", "Approved"
    CARRIED_OUT = "carried_out", "Carried out"
    ENDED = "ended", "Ended"
    DISMISSED = "dismissed", "Dismissed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class EscalationAction(Vocabulary):
    """What can be done with it."""

    SUGGEST = "suggest", "Suggest"
    ACCEPT = "accept", "Accept"
    DISMISS = "dismiss", "Dismiss"
    APPROVE = "approve", "Approve"
    CARRY_OUT = "carry_out", "Carry out"
    END = "end", "End"
    WITHDRAW = "withdraw", "Withdraw"


ESCALATION = Workflow(
    name="escalation",
    initial=EscalationState.SUGGESTED,
    create={
        EscalationAction.SUGGEST: step(
            EscalationState.SUGGESTED, by=NPM | SYSTEM, event="recommendations.escalation.suggested"
        ),
    },
    transitions={
        (EscalationState.SUGGESTED, EscalationAction.ACCEPT): step(
            EscalationState.ACCEPTED, by={"head", "member", "staff"}, event="recommendations.escalation.accepted"
        ),
        (EscalationState.SUGGESTED, EscalationAction.DISMISS): step(
            EscalationState.DISMISSED, by={"head", "member", "staff"}, event="recommendations.escalation.dismissed"
        ),
        (EscalationState.ACCEPTED, EscalationAction.APPROVE): step(
            EscalationState.APPROVED, by={"head"}, event="recommendations.escalation.approved"
        ),
        **{
            (state, EscalationAction.CARRY_OUT): step(
                EscalationState.CARRIED_OUT,
                by={"head", "authority_contact"},
                event="recommendations.escalation.carried_out",
            )
            for state in (EscalationState.ACCEPTED, EscalationState.APPROVED)
        },
        (EscalationState.CARRIED_OUT, EscalationAction.END): step(
            EscalationState.ENDED, by={"head"}, event="recommendations.escalation.ended"
        ),
        **{
            (state, EscalationAction.WITHDRAW): step(
                EscalationState.WITHDRAWN, by={"head"}, event="recommendations.escalation.withdrawn"
            )
            for state in (EscalationState.ACCEPTED, EscalationState.APPROVED)
        },
    },
    final=frozenset({EscalationState.ENDED, EscalationState.DISMISSED, EscalationState.WITHDRAWN}),
)


class EscalationStep(Vocabulary):
    """The rungs of the ladder, lowest first."""

    REMINDER = "reminder", "Reminder to the focal point"
    TECHNICAL_CONTACT = "technical_contact", "Call or message by the technical contact"
    TECHNICAL_MEETING = "technical_meeting", "Meeting at technical level"
    HIGH_LEVEL = "high_level", "Letter and meeting at high level"
    HEAD_REVIEW = "head_review", "Review by the head"


class EscalationPath(Vocabulary):
    """Where a review by the head may lead."""

    PARLIAMENT = "parliament", "Parliament"
    JUDICIARY = "judiciary", "Judiciary"
    OTHER_BODIES = "other_bodies", "Other bodies"
    CSO_COALITION = "cso_coalition", "Coalition with civil society"
    MEDIA = "media", "Media"
    SPT_OR_CAT = "spt_or_cat", "SPT or CAT"


class EscalationGround(Vocabulary):
    """The only two grounds for going to others."""

    URGENT_SERIOUS = "urgent_serious", "Urgent and serious facts"
    PROLONGED_NON_ENGAGEMENT = "prolonged_non_engagement", "Prolonged lack of engagement"


#: Days without an answer from which a rung is reached, highest first.
LADDER: tuple[tuple[int, EscalationStep], ...] = (
    (120, EscalationStep.HEAD_REVIEW),
    (60, EscalationStep.HIGH_LEVEL),
    (30, EscalationStep.TECHNICAL_MEETING),
    (15, EscalationStep.TECHNICAL_CONTACT),
    (1, EscalationStep.REMINDER),
)
MISSED_DEADLINES = 2
_PUBLIC = frozenset({EscalationPath.MEDIA, EscalationPath.CSO_COALITION, EscalationPath.PARLIAMENT})
_ORDER = tuple(EscalationStep)


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A rung that was reached and why; a person decides."""

    step: EscalationStep
    reason: str
    days: int
    is_round_table: bool

    @property
    def needs_head(self) -> bool:
        """Beyond high-level contact the head approves."""
        return is_beyond_high_level(self.step)


def suggest(
    days: int,
    *,
    deadlines_missed: int = 0,
    rejected_without_reasons: bool = False,
    authorities: int = 1,
    ladder: Sequence[tuple[int, EscalationStep]] = LADDER,
) -> Suggestion | None:
    """Give the rung that F6 proposes after `days` without an answer or with a broken commitment, or None."""
    reached, reason = _reached(days, ladder), f"{days} days without an answer"
    if rejected_without_reasons:
        reached, reason = EscalationStep.HEAD_REVIEW, "rejected without reasons"
    elif deadlines_missed >= MISSED_DEADLINES and reached is not EscalationStep.HEAD_REVIEW:
        reached, reason = EscalationStep.HEAD_REVIEW, f"{deadlines_missed} deadlines missed"
    if reached is None:
        return None
    several = authorities > 1 and reached is EscalationStep.HIGH_LEVEL
    return Suggestion(step=reached, reason=reason, days=days, is_round_table=several)


def _reached(days: int, ladder: Sequence[tuple[int, EscalationStep]]) -> EscalationStep | None:
    return next((rung for threshold, rung in ladder if days >= threshold), None)


def is_beyond_high_level(taken: EscalationStep) -> bool:
    """Tell whether a step goes past contact with the authority itself."""
    return taken is EscalationStep.HEAD_REVIEW


def may_take(wanted: EscalationStep, *, reached: EscalationStep | None, ground: EscalationGround) -> bool:
    """Tell whether a step may be proposed now: up to the rung reached; urgent and serious facts reach the last one."""
    if ground is EscalationGround.URGENT_SERIOUS:
        return True
    return reached is not None and _ORDER.index(wanted) <= _ORDER.index(reached)


def missing_for_acceptance(*, ground: EscalationGround | None, retained_channel: UUID | None) -> tuple[str, ...]:
    """Ask for a ground and for the channel that stays open, on every step of the ladder."""
    needed = {"ground": ground is not None, "retained_channel_id": retained_channel is not None}
    return tuple(name for name, there in needed.items() if not there)


def missing_for_approval(path: EscalationPath | None, *, is_harm_checked: bool) -> tuple[str, ...]:
    """Ask for a harm check before a public step: it can fall back on the people it speaks for."""
    return ("harm check",) if path in _PUBLIC and not is_harm_checked else ()


def missing_for_carrying_out(
    state: EscalationState, taken: EscalationStep, *, is_channel_open: bool
) -> tuple[str, ...]:
    """Ask for the head's approval beyond high level, and for a channel that is still open."""
    needed = {
        "approval of the head": state is EscalationState.APPROVED or not is_beyond_high_level(taken),
        "open retained channel": is_channel_open,
    }
    return tuple(name for name, there in needed.items() if not there)

"""The rules of a relation with an authority: its states, and its health H (F6).

Pure: no database, no HTTP, no clock. H only suggests; a relation is called strained by a person who says what happened.
"""

from dataclasses import dataclass

from shared.workflow import NPM, SYSTEM, Vocabulary, Workflow, step

HEAD = frozenset({"head"})
NOT_SECONDED = frozenset({"head", "member", "staff"})

#: H below this suggests a strained relation.
STRAINED_BELOW = 40
#: Interactions are looked at over so many months.
WINDOW_MONTHS = 6
DIRECT_POINTS = 40.0
ON_TIME_POINTS = 30.0
COMMITMENT_POINTS = 20.0
FOCAL_POINT_POINTS = 10.0
#: A share of which nothing is known counts one half: a new relation is neither good nor bad.
UNKNOWN_SHARE = 0.5


class RelationStatus(Vocabulary):
    """The states of a dialogue relation."""

    MAPPED = "mapped", "Mapped"
    INTRODUCED = "introduced", "Introduced"
    ACTIVE = "active", "Active"
    STRAINED = "strained", "Strained"
    ESCALATED = "escalated", "Escalated"
    RECOVERING = "recovering", "Recovering"
    ENDED = "ended", "Ended"


class RelationAction(Vocabulary):
    """What is done with a dialogue relation."""

    MAP = "map", "Map"
    INTRODUCE = "introduce", "Introduce"
    ACTIVATE = "activate", "Activate"
    MARK_STRAINED = "mark_strained", "Mark strained"
    RESTORE = "restore", "Restore"
    ESCALATE = "escalate", "Escalate"
    RECOVER = "recover", "Recover"
    END = "end", "End"


DIALOGUE_RELATION = Workflow(
    name="dialogue_relation",
    initial=RelationStatus.MAPPED,
    create={RelationAction.MAP: step(RelationStatus.MAPPED, by=NPM, event="stakeholders.dialogue_relation.mapped")},
    transitions={
        (RelationStatus.MAPPED, RelationAction.INTRODUCE): step(
            RelationStatus.INTRODUCED, by=NPM, event="stakeholders.dialogue_relation.state_changed"
        ),
        (RelationStatus.INTRODUCED, RelationAction.ACTIVATE): step(
            RelationStatus.ACTIVE, by=NPM, event="stakeholders.dialogue_relation.state_changed"
        ),
        **{
            (state, RelationAction.MARK_STRAINED): step(
                RelationStatus.STRAINED, by=NOT_SECONDED, event="stakeholders.dialogue_relation.state_changed"
            )
            for state in (RelationStatus.INTRODUCED, RelationStatus.ACTIVE, RelationStatus.RECOVERING)
        },
        (RelationStatus.STRAINED, RelationAction.RESTORE): step(
            RelationStatus.ACTIVE, by=NOT_SECONDED, event="stakeholders.dialogue_relation.state_changed"
        ),
        **{
            (state, RelationAction.ESCALATE): step(
                RelationStatus.ESCALATED, by=HEAD, event="stakeholders.dialogue_relation.state_changed"
            )
            for state in (RelationStatus.ACTIVE, RelationStatus.STRAINED, RelationStatus.RECOVERING)
        },
        (RelationStatus.ESCALATED, RelationAction.RECOVER): step(
            RelationStatus.RECOVERING, by=HEAD | SYSTEM, event="stakeholders.dialogue_relation.state_changed"
        ),
        (RelationStatus.RECOVERING, RelationAction.RESTORE): step(
            RelationStatus.ACTIVE, by=NOT_SECONDED, event="stakeholders.dialogue_relation.state_changed"
        ),
        **{
            (state, RelationAction.END): step(
                RelationStatus.ENDED, by=NPM, event="stakeholders.dialogue_relation.ended"
            )
            for state in (
                RelationStatus.MAPPED,
                RelationStatus.INTRODUCED,
                RelationStatus.ACTIVE,
                RelationStatus.STRAINED,
                RelationStatus.ESCALATED,
                RelationStatus.RECOVERING,
            )
        },
    },
    final=frozenset({RelationStatus.ENDED}),
)


class RelationGap(Vocabulary):
    """What is missing before a relation changes."""

    INTRODUCTION = "introduction", "no meeting to introduce the mandate was held"
    FURTHER_ENGAGEMENT = "further_engagement", "no further direct engagement was held"
    ACCOUNT = "account", "it is not said what happened or changed"
    GROUND = "ground", "no ground is given"
    RETAINED_CHANNEL = "retained_channel", "no channel to the authority is kept open"
    SUCCESSOR = "successor", "it is not said whether there is a successor"


class HealthWarning(Vocabulary):
    """What is thin about a relation."""

    NO_DIRECT_CONTACT = "no_direct_contact", "no direct contact in 6 months"
    WRITTEN_ONLY = "written_only", "all contact in 6 months was in writing"


@dataclass(frozen=True, kw_only=True)
class HealthInputs:
    """What happened with an authority in the window: counts only, as the pairs of `part / whole`."""

    direct_contacts: int
    contacts: int
    answered_on_time: int
    answers_due: int
    commitments_kept: int
    commitments: int
    has_focal_point: bool


@dataclass(frozen=True, kw_only=True)
class Health:
    """H (0..100) with its four parts in points."""

    direct: float
    on_time: float
    commitments: float
    focal_point: float
    warnings: tuple[HealthWarning, ...]

    @property
    def score(self) -> float:
        """The sum of the parts."""
        return self.direct + self.on_time + self.commitments + self.focal_point

    @property
    def suggests_strained(self) -> bool:
        """Whether somebody should look at the relation."""
        return self.score < STRAINED_BELOW


def health(inputs: HealthInputs) -> Health:
    """Compute H of a relation (F6)."""
    return Health(
        direct=DIRECT_POINTS * share(inputs.direct_contacts, inputs.contacts),
        on_time=ON_TIME_POINTS * share(inputs.answered_on_time, inputs.answers_due),
        commitments=COMMITMENT_POINTS * share(inputs.commitments_kept, inputs.commitments),
        focal_point=FOCAL_POINT_POINTS * inputs.has_focal_point,
        warnings=health_warnings(inputs.direct_contacts, inputs.contacts),
    )


def share(part: int, whole: int) -> float:
    """Give a share; without data it counts one half."""
    return part / whole if whole else UNKNOWN_SHARE


def health_warnings(direct_contacts: int, contacts: int) -> tuple[HealthWarning, ...]:
    """Dialogue is not correspondence alone (R-S13)."""
    if direct_contacts:
        return ()
    return (
        (HealthWarning.NO_DIRECT_CONTACT, HealthWarning.WRITTEN_ONLY)
        if contacts
        else (HealthWarning.NO_DIRECT_CONTACT,)
    )


def introduction_gaps(*, was_mandate_introduced: bool) -> tuple[RelationGap, ...]:
    """The first meeting explains the mandate (R-S02)."""
    return () if was_mandate_introduced else (RelationGap.INTRODUCTION,)


def activation_gaps(*, further_direct_engagements: int) -> tuple[RelationGap, ...]:
    """One meeting is no dialogue."""
    return () if further_direct_engagements > 0 else (RelationGap.FURTHER_ENGAGEMENT,)


def account_gaps(account: str) -> tuple[RelationGap, ...]:
    """Calling a relation strained or restored says what happened or changed."""
    return () if account.strip() else (RelationGap.ACCOUNT,)


def escalation_gaps(*, ground: str, retained_channel_id: str | None) -> tuple[RelationGap, ...]:
    """Other paths may be used, but one contact is always kept (R-S20)."""
    needed = ((RelationGap.GROUND, ground.strip()), (RelationGap.RETAINED_CHANNEL, retained_channel_id))
    return tuple(gap for gap, is_given in needed if not is_given)


def ending_gaps(*, ground: str, is_successor_settled: bool) -> tuple[RelationGap, ...]:
    """A relation ends with the institution; whoever takes over is named, or it is said that nobody does."""
    needed = ((RelationGap.GROUND, bool(ground.strip())), (RelationGap.SUCCESSOR, is_successor_settled))
    return tuple(gap for gap, is_given in needed if not is_given)

"""The rules of a conflict of interest: what it is, what it does, and that nobody decides their own.

Pure: no database, no HTTP, no clock. An open question excludes: precaution until somebody has decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.workflow import NPM, SYSTEM, Vocabulary, Workflow, step

HEAD = frozenset({"head"})


class ConflictKind(Vocabulary):
    """Where a conflict comes from."""

    FORMER_EMPLOYMENT_AT_PLACE = "former_employment_at_place", "Former employment at the place"
    FORMER_FUNCTION = "former_function", "Former function in the same profession"
    CLIENT_RELATION = "client_relation", "Relation to a client"
    PERSONAL_OR_FAMILY_TIE = "personal_or_family_tie", "Personal or family tie"
    FORMER_ORGANISATION = "former_organisation", "Former organisation"
    DUAL_FUNCTION = "dual_function", "Dual function"
    SERVICE_PROVIDER_IN_PLACES = "service_provider_in_places", "Provider of services in places"
    PEER_RELUCTANCE = "peer_reluctance", "Reluctance towards peers"
    INFORMATION_USE = "information_use", "Use of information"
    POLITICAL_TIE = "political_tie", "Political tie"
    PERCEIVED_BIAS = "perceived_bias", "Perceived bias"
    INCOMPATIBLE_OFFICE = "incompatible_office", "Incompatible office"


class ConflictEffect(Vocabulary):
    """What a conflict does."""

    NONE = "none", "None"
    DISCLOSE_ONLY = "disclose_only", "Disclose only"
    EXCLUDE_INTERVIEWS = "exclude_interviews", "Excluded from interviews"
    PREPARATION_ONLY = "preparation_only", "Preparation only"
    EXCLUDE_VISIT = "exclude_visit", "Excluded from the visit"
    EXCLUDE_PLACE = "exclude_place", "Excluded from the place"
    ENDS_FUNCTION = "ends_function", "Ends the function"


class Involvement(Vocabulary):
    """What somebody wants to take part in."""

    PREPARATION = "preparation", "Preparing a visit"
    VISIT = "visit", "Going on a visit"
    INTERVIEW = "interview", "Interviewing the person concerned"
    FUNCTION = "function", "Any work for the NPM"


#: What each effect keeps somebody from.
KEPT_FROM: Mapping[ConflictEffect, frozenset[Involvement]] = {
    ConflictEffect.NONE: frozenset(),
    ConflictEffect.DISCLOSE_ONLY: frozenset(),
    ConflictEffect.EXCLUDE_INTERVIEWS: frozenset({Involvement.INTERVIEW}),
    ConflictEffect.PREPARATION_ONLY: frozenset({Involvement.VISIT, Involvement.INTERVIEW}),
    ConflictEffect.EXCLUDE_VISIT: frozenset({Involvement.PREPARATION, Involvement.VISIT, Involvement.INTERVIEW}),
    ConflictEffect.EXCLUDE_PLACE: frozenset({Involvement.PREPARATION, Involvement.VISIT, Involvement.INTERVIEW}),
    ConflictEffect.ENDS_FUNCTION: frozenset(Involvement),
}
#: The effects that a kind has as a rule, the usual one first; without any, each case is weighed by itself.
STANDING_EFFECTS: Mapping[ConflictKind, tuple[ConflictEffect, ...]] = {
    ConflictKind.CLIENT_RELATION: (ConflictEffect.EXCLUDE_INTERVIEWS,),
    ConflictKind.FORMER_EMPLOYMENT_AT_PLACE: (ConflictEffect.PREPARATION_ONLY,),
    ConflictKind.FORMER_ORGANISATION: (ConflictEffect.PREPARATION_ONLY,),
    ConflictKind.FORMER_FUNCTION: (ConflictEffect.DISCLOSE_ONLY,),
    ConflictKind.PERSONAL_OR_FAMILY_TIE: (ConflictEffect.EXCLUDE_INTERVIEWS, ConflictEffect.EXCLUDE_VISIT),
    ConflictKind.DUAL_FUNCTION: (ConflictEffect.EXCLUDE_PLACE, ConflictEffect.DISCLOSE_ONLY),
    ConflictKind.SERVICE_PROVIDER_IN_PLACES: (ConflictEffect.EXCLUDE_PLACE, ConflictEffect.DISCLOSE_ONLY),
    ConflictKind.INCOMPATIBLE_OFFICE: (ConflictEffect.ENDS_FUNCTION,),
}
#: A tie between people is a conflict for a time (R-V61).
NEEDS_AN_END = frozenset({ConflictKind.PERSONAL_OR_FAMILY_TIE})


class ConflictTargetKind(Vocabulary):
    """What stands on the other side."""

    PLACE = "place", "Place"
    AUTHORITY = "authority", "Authority"
    PERSON = "person", "Person"
    MATTER = "matter", "Matter, such as a visit"


#: Kept from this, somebody sees nothing of the other side: who may still help to prepare reads on (R-V60), and who may not
#: interview a person follows nothing that is about that person (R-V62).
CLOSES_WITH: Mapping[ConflictTargetKind, Involvement] = {
    ConflictTargetKind.PLACE: Involvement.PREPARATION,
    ConflictTargetKind.AUTHORITY: Involvement.PREPARATION,
    ConflictTargetKind.MATTER: Involvement.PREPARATION,
    ConflictTargetKind.PERSON: Involvement.INTERVIEW,
}


class ConflictStatus(Vocabulary):
    """The states of a conflict declaration."""

    DECLARED = "declared", "Declared"
    DETECTED = "detected", "Detected"
    UNDER_REVIEW = "under_review", "Under review"
    NO_CONFLICT = "no_conflict", "No conflict"
    IN_FORCE = "in_force", "In force"
    LIFTED = "lifted", "Lifted"


class ConflictAction(Vocabulary):
    """What is done with a conflict declaration."""

    DECLARE = "declare", "Declare"
    DETECT = "detect", "Detect"
    REVIEW = "review", "Review"
    DECIDE = "decide", "Decide"
    FIND_NONE = "find_none", "Find none"
    LIFT = "lift", "Lift"


CONFLICT_DECLARATION = Workflow(
    name="conflict_declaration",
    initial=ConflictStatus.DECLARED,
    create={
        ConflictAction.DECLARE: step(
            ConflictStatus.DECLARED,
            by=NPM | {"expert", "complaints_officer", "vault_keeper"},
            event="stakeholders.conflict_declaration.declared",
        ),
        ConflictAction.DETECT: step(
            ConflictStatus.DETECTED, by=SYSTEM, event="stakeholders.conflict_declaration.detected"
        ),
    },
    transitions={
        **{
            (state, ConflictAction.REVIEW): step(
                ConflictStatus.UNDER_REVIEW, by=HEAD, event="stakeholders.conflict_declaration.review_started"
            )
            for state in (ConflictStatus.DECLARED, ConflictStatus.DETECTED)
        },
        **{
            (state, ConflictAction.DECIDE): step(
                ConflictStatus.IN_FORCE, by=HEAD, event="stakeholders.conflict_declaration.decided"
            )
            for state in (ConflictStatus.DECLARED, ConflictStatus.DETECTED, ConflictStatus.UNDER_REVIEW)
        },
        **{
            (state, ConflictAction.FIND_NONE): step(
                ConflictStatus.NO_CONFLICT, by=HEAD, event="stakeholders.conflict_declaration.cleared"
            )
            for state in (ConflictStatus.DECLARED, ConflictStatus.DETECTED, ConflictStatus.UNDER_REVIEW)
        },
        **{
            (state, ConflictAction.REVIEW): step(
                ConflictStatus.UNDER_REVIEW, by=HEAD, event="stakeholders.conflict_declaration.review_started"
            )
            for state in (ConflictStatus.NO_CONFLICT, ConflictStatus.IN_FORCE)
        },
        (ConflictStatus.IN_FORCE, ConflictAction.LIFT): step(
            ConflictStatus.LIFTED, by=HEAD, event="stakeholders.conflict_declaration.lifted"
        ),
    },
    final=frozenset({ConflictStatus.LIFTED}),
)


#: Nobody has decided yet; the conflict excludes from the visit as a precaution.
OPEN_STATES = frozenset({ConflictStatus.DECLARED, ConflictStatus.DETECTED, ConflictStatus.UNDER_REVIEW})


class ConflictGap(Vocabulary):
    """What is missing before a conflict is decided."""

    OWN_CASE = "own_case", "nobody decides a conflict of their own"
    EFFECT = "effect", "no effect is named"
    TARGET = "target", "no place, authority, person or matter is named"
    FROM_DATE = "from_date", "the effect has no beginning, or ends before it begins"
    END_DATE = "end_date", "a tie between people is a conflict for a time and needs an end"
    REASON = "reason", "no reason is given"


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A conflict on record, as far as its effect goes."""

    status: ConflictStatus
    effect: ConflictEffect = ConflictEffect.NONE
    from_on: date | None = None
    until_on: date | None = None


def effect_now(conflict: Conflict, day: date) -> ConflictEffect:
    """Give the effect on a day: an open conflict excludes from the visit, a decided one as decided, in its dates."""
    if conflict.status in OPEN_STATES:
        return ConflictEffect.EXCLUDE_VISIT
    if conflict.status is not ConflictStatus.IN_FORCE:
        return ConflictEffect.NONE
    has_begun = conflict.from_on is None or conflict.from_on <= day
    return conflict.effect if has_begun and not is_expired(conflict, day) else ConflictEffect.NONE


def excludes(conflict: Conflict, day: date, involvement: Involvement = Involvement.VISIT) -> bool:
    """Whether a conflict keeps somebody from taking part on a day (R-V59 to R-V62)."""
    return involvement in KEPT_FROM[effect_now(conflict, day)]


def takes_access(conflict: Conflict, target: ConflictTargetKind, day: date) -> bool:
    """Whether a conflict takes away, on a day, what there is to see of its target (R-G08)."""
    return excludes(conflict, day, CLOSES_WITH[target])


def is_expired(conflict: Conflict, day: date) -> bool:
    """Whether a decided effect has run out; the last day still counts."""
    return conflict.status is ConflictStatus.IN_FORCE and conflict.until_on is not None and day > conflict.until_on


def usual_effect(kind: ConflictKind) -> ConflictEffect | None:
    """Give the effect that this kind has as a rule; None where each case is weighed by itself."""
    return STANDING_EFFECTS.get(kind, (None,))[0]


def may_decide(*, decider_id: str, concerned_id: str) -> bool:
    """Nobody decides a conflict of their own; persons are compared, not accounts."""
    return decider_id != concerned_id


def decision_gaps(
    kind: ConflictKind,
    *,
    decider_id: str,
    concerned_id: str,
    effect: ConflictEffect | None,
    has_target: bool,
    from_on: date | None,
    until_on: date | None,
) -> tuple[ConflictGap, ...]:
    """Say what is missing before an effect is decided (R-S92)."""
    is_dated = from_on is not None and (until_on is None or from_on <= until_on)
    needed = (
        (ConflictGap.OWN_CASE, may_decide(decider_id=decider_id, concerned_id=concerned_id)),
        (ConflictGap.EFFECT, effect is not None),
        (ConflictGap.TARGET, has_target),
        (ConflictGap.FROM_DATE, is_dated),
        (ConflictGap.END_DATE, until_on is not None or kind not in NEEDS_AN_END),
    )
    return tuple(gap for gap, is_met in needed if not is_met)


def clearing_gaps(*, decider_id: str, concerned_id: str, reason: str) -> tuple[ConflictGap, ...]:
    """Finding no conflict and lifting an effect need a reason, and somebody else."""
    needed = (
        (ConflictGap.OWN_CASE, may_decide(decider_id=decider_id, concerned_id=concerned_id)),
        (ConflictGap.REASON, bool(reason.strip())),
    )
    return tuple(gap for gap, is_met in needed if not is_met)

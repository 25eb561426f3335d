"""The rules of an external expert's engagement: from candidate to accredited, and what being in standing means.

Pure: no database, no HTTP, no clock. Whoever is not in standing has no access, whatever else is signed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.workflow import Vocabulary, Workflow, step

HEAD = frozenset({"head"})
NOT_SECONDED = frozenset({"head", "member", "staff"})
CONTACT_OR_HEAD = frozenset({"head", "authority_contact"})
EXPERT = frozenset({"expert"})


class ExpertModality(Vocabulary):
    """The three routes by which experts come; always in personal capacity (R-S63)."""

    PUBLIC_CALL = "public_call", "Pool by public call"
    AD_HOC = "ad_hoc", "Ad hoc"
    VIA_ORGANISATION = "via_organisation", "Via an organisation, in personal capacity"


class TrainingKind(Vocabulary):
    """Training of an expert."""

    INDUCTION = "induction", "Induction"
    CONTINUING = "continuing", "Continuing"


class ExpertStatus(Vocabulary):
    """The states of an expert engagement."""

    CANDIDATE = "candidate", "Candidate"
    POOLED = "pooled", "Pooled"
    CONTRACTED = "contracted", "Contracted"
    CONFIDENTIALITY_SIGNED = "confidentiality_signed", "Confidentiality signed"
    TRAINED = "trained", "Trained"
    ACCREDITED = "accredited", "Accredited"
    SUSPENDED = "suspended", "Suspended"
    ENDED = "ended", "Ended"


class ExpertAction(Vocabulary):
    """What is done with an expert engagement."""

    PROPOSE = "propose", "Propose"
    POOL = "pool", "Pool"
    CONTRACT = "contract", "Contract"
    SIGN_CONFIDENTIALITY = "sign_confidentiality", "Sign confidentiality"
    RECORD_TRAINING = "record_training", "Record training"
    ACCREDIT = "accredit", "Accredit"
    SUSPEND = "suspend", "Suspend"
    REINSTATE = "reinstate", "Reinstate"
    END = "end", "End"


EXPERT_ENGAGEMENT = Workflow(
    name="expert_engagement",
    initial=ExpertStatus.CANDIDATE,
    create={
        ExpertAction.PROPOSE: step(
            ExpertStatus.CANDIDATE, by=NOT_SECONDED, event="stakeholders.expert_engagement.proposed"
        )
    },
    transitions={
        (ExpertStatus.CANDIDATE, ExpertAction.POOL): step(
            ExpertStatus.POOLED, by=HEAD, event="stakeholders.expert_engagement.pooled"
        ),
        **{
            (state, ExpertAction.CONTRACT): step(
                ExpertStatus.CONTRACTED, by=HEAD, event="stakeholders.expert_engagement.contracted"
            )
            for state in (ExpertStatus.CANDIDATE, ExpertStatus.POOLED)
        },
        (ExpertStatus.CONTRACTED, ExpertAction.SIGN_CONFIDENTIALITY): step(
            ExpertStatus.CONFIDENTIALITY_SIGNED,
            by=EXPERT,
            event="stakeholders.expert_engagement.confidentiality_signed",
        ),
        (ExpertStatus.CONFIDENTIALITY_SIGNED, ExpertAction.RECORD_TRAINING): step(
            ExpertStatus.TRAINED, by=NOT_SECONDED, event="stakeholders.expert_engagement.trained"
        ),
        (ExpertStatus.TRAINED, ExpertAction.ACCREDIT): step(
            ExpertStatus.ACCREDITED, by=CONTACT_OR_HEAD, event="stakeholders.expert_engagement.accredited"
        ),
        **{
            (state, ExpertAction.SUSPEND): step(
                ExpertStatus.SUSPENDED, by=HEAD, event="stakeholders.expert_engagement.suspended"
            )
            for state in (
                ExpertStatus.CONTRACTED,
                ExpertStatus.CONFIDENTIALITY_SIGNED,
                ExpertStatus.TRAINED,
                ExpertStatus.ACCREDITED,
            )
        },
        (ExpertStatus.SUSPENDED, ExpertAction.REINSTATE): step(
            ExpertStatus.CONTRACTED, by=HEAD, event="stakeholders.expert_engagement.reinstated"
        ),
        **{
            (state, ExpertAction.END): step(
                ExpertStatus.ENDED, by={"head", "concerned"}, event="stakeholders.expert_engagement.ended"
            )
            for state in (
                ExpertStatus.CANDIDATE,
                ExpertStatus.POOLED,
                ExpertStatus.CONTRACTED,
                ExpertStatus.CONFIDENTIALITY_SIGNED,
                ExpertStatus.TRAINED,
                ExpertStatus.ACCREDITED,
                ExpertStatus.SUSPENDED,
            )
        },
    },
    final=frozenset({ExpertStatus.ENDED}),
)


class StandingReason(Vocabulary):
    """Why an expert is not in standing."""

    NOT_ACCREDITED = "not_accredited", "the engagement has not reached accreditation"
    SUSPENDED = "suspended", "the engagement is suspended"
    ENDED = "ended", "the engagement has ended"
    NO_CONTRACT_TODAY = "no_contract_today", "no contract holds on this day"
    TRAINING_EXPIRED = "training_expired", "the training is not valid on this day"
    NO_ACCREDITATION_TODAY = "no_accreditation_today", "no accreditation holds on this day"


class ExpertGap(Vocabulary):
    """What is missing before an act on an engagement."""

    VETTING = "vetting", "the vetting has not been passed"
    ROUTE = "route", "neither the public call nor the agreement is noted"
    PREPARATION_TOLD = "preparation_told", "the expert was not told that preparation is part of the work"
    REMUNERATION_RULES = "remuneration_rules", "no published remuneration rules are in force"
    DATES = "dates", "the contract has no dates, or ends before it begins"
    TASKS = "tasks", "the contract names no tasks"
    IMMUNITIES = "immunities", "the contract does not say which immunities apply, and when"
    CONFIDENTIALITY = "confidentiality", "the contract has no confidentiality clause"
    SOURCES_PROTECTED = "sources_protected", "the contract does not name OPCAT Art. 21(2)"
    NO_REPRESENTATION = "no_representation", "the contract does not exclude speaking for one's own organisation"
    CODE = "code", "the code of conduct is not acknowledged"
    CONFLICTS_DECLARED = "conflicts_declared", "conflicts of interest have not been declared"
    SIGNATURE = "signature", "the expert has not signed the current version"
    INDUCTION = "induction", "the induction on mandate and internal rules is not done"
    ACCREDITATION = "accreditation", "no granted accreditation holds today"


@dataclass(frozen=True, kw_only=True)
class Period:
    """A time in force, both days included."""

    from_on: date
    to_on: date

    def holds_on(self, day: date) -> bool:
        """Whether the day falls into it."""
        return self.from_on <= day <= self.to_on


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Whether an expert may work for the NPM on a day, and if not, why."""

    reasons: tuple[StandingReason, ...]

    @property
    def in_standing(self) -> bool:
        """Nothing stands against it."""
        return not self.reasons


@dataclass(frozen=True, kw_only=True)
class ContractTerms:
    """What a contract version says, as far as signing it looks."""

    period: Period | None
    tasks: str
    immunities_clause: str
    immunities_scope: str
    confidentiality_clause: str
    names_article_21_2: bool
    excludes_representation: bool
    is_code_acknowledged: bool
    is_signed_by_expert: bool


def standing(
    status: ExpertStatus,
    *,
    contracts: Iterable[Period],
    training_valid_until: date | None,
    accreditations: Iterable[Period],
    day: date,
) -> Standing:
    """Say whether an expert is in standing on a day: accredited, contract, training and accreditation all valid."""
    states = {
        ExpertStatus.ACCREDITED: (),
        ExpertStatus.SUSPENDED: (StandingReason.SUSPENDED,),
        ExpertStatus.ENDED: (StandingReason.ENDED,),
    }
    conditions = (
        (StandingReason.NO_CONTRACT_TODAY, any(each.holds_on(day) for each in contracts)),
        (StandingReason.TRAINING_EXPIRED, training_valid_until is not None and day <= training_valid_until),
        (StandingReason.NO_ACCREDITATION_TODAY, any(each.holds_on(day) for each in accreditations)),
    )
    unmet = tuple(reason for reason, is_met in conditions if not is_met)
    return Standing(reasons=states.get(status, (StandingReason.NOT_ACCREDITED,)) + unmet)


def is_lapsed(status: ExpertStatus, contract_ends_on: date, today: date) -> bool:
    """Whether the contract has run out and nobody has ended the engagement."""
    return status is not ExpertStatus.ENDED and today > contract_ends_on


def pooling_gaps(
    *, is_vetting_passed: bool, is_route_noted: bool, was_told_of_preparation: bool
) -> tuple[ExpertGap, ...]:
    """Say what is missing before a candidate enters the pool (R-S71, R-S76)."""
    return _missing(
        (ExpertGap.VETTING, is_vetting_passed),
        (ExpertGap.ROUTE, is_route_noted),
        (ExpertGap.PREPARATION_TOLD, was_told_of_preparation),
    )


def contracting_gaps(
    terms: ContractTerms,
    *,
    is_vetting_passed: bool,
    are_remuneration_rules_published: bool,
    are_conflicts_declared: bool,
) -> tuple[ExpertGap, ...]:
    """Say what is missing before a contract holds (R-S64, R-S68 to R-S72)."""
    period = terms.period
    return _missing(
        (ExpertGap.VETTING, is_vetting_passed),
        (ExpertGap.REMUNERATION_RULES, are_remuneration_rules_published),
        (ExpertGap.DATES, period is not None and period.from_on <= period.to_on),
        (ExpertGap.TASKS, bool(terms.tasks)),
        (ExpertGap.IMMUNITIES, bool(terms.immunities_clause and terms.immunities_scope)),
        (ExpertGap.CONFIDENTIALITY, bool(terms.confidentiality_clause)),
        (ExpertGap.SOURCES_PROTECTED, terms.names_article_21_2),
        (ExpertGap.NO_REPRESENTATION, terms.excludes_representation),
        (ExpertGap.CODE, terms.is_code_acknowledged),
        (ExpertGap.CONFLICTS_DECLARED, are_conflicts_declared),
        (ExpertGap.SIGNATURE, terms.is_signed_by_expert),
    )


def confidentiality_gaps(*, names_article_21_2: bool) -> tuple[ExpertGap, ...]:
    """The text that is signed protects sources as OPCAT Art. 21(2) does (R-S69)."""
    return _missing((ExpertGap.SOURCES_PROTECTED, names_article_21_2))


def training_gaps(kinds: Iterable[TrainingKind]) -> tuple[ExpertGap, ...]:
    """Nobody is deployed without the induction (R-S66)."""
    return _missing((ExpertGap.INDUCTION, TrainingKind.INDUCTION in kinds))


def accreditation_gaps(accreditations: Iterable[Period], today: date) -> tuple[ExpertGap, ...]:
    """An engagement is accredited with a granted accreditation in its dates."""
    return _missing((ExpertGap.ACCREDITATION, any(each.holds_on(today) for each in accreditations)))


def may_end(*, by_role: str, reason: str, is_past_contract: bool) -> bool:
    """Whether an engagement may end: with a reason, or without one after its last day; secrecy goes on."""
    return by_role in ("head", "concerned") and (bool(reason.strip()) or is_past_contract)


def _missing(*conditions: tuple[ExpertGap, bool]) -> tuple[ExpertGap, ...]:
    return tuple(gap for gap, is_met in conditions if not is_met)

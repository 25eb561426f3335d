"""The rules of a complaint: its vocabularies, its machine and what each step asks for.

Pure: no database, no HTTP, no clock. Never lets an act go out that could reveal a person without consent, an approved
disclosure or an anonymised form; and nothing is ever deleted.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from shared.workflow import NPM, SYSTEM, Step, Vocabulary, Workflow, step

ACKNOWLEDGEMENT_WORKING_DAYS = 5
CRITICAL_ALERT_HOURS = 24
SMALLEST_UNIT = 5
#: Whatever else is known, such an allegation is critical.
TORTURE = "torture_and_ill_treatment"


class ComplaintState(Vocabulary):
    """The states of the machine `complaint`."""

    RECEIVED = "received", "Received"
    RECORDED = "recorded", "Recorded"
    ASSESSED = "assessed", "Assessed"
    CLASSIFIED = "classified", "Classified"
    ACTION_DECIDED = "action_decided", "Action decided"
    IN_ACTION = "in_action", "In action"
    OUTCOME_RECORDED = "outcome_recorded", "Outcome recorded"
    CLOSED = "closed", "Closed"
    MERGED = "merged", "Merged"


class ComplaintAction(Vocabulary):
    """What can be done with it."""

    RECEIVE = "receive", "Receive"
    RECORD = "record", "Record"
    ASSESS = "assess", "Assess"
    CLASSIFY = "classify", "Classify"
    RECLASSIFY = "reclassify", "Reclassify"
    DECIDE_ACTION = "decide_action", "Decide action"
    START_ACTION = "start_action", "Start action"
    RECORD_OUTCOME = "record_outcome", "Record outcome"
    CLOSE = "close", "Close"
    STOP_AT_REQUEST = "stop_at_request", "Stop at request"
    REOPEN = "reopen", "Reopen"
    TAKE_UP_AGAIN = "take_up_again", "Take up again"
    MERGE = "merge", "Merge"
    SEPARATE = "separate", "Separate"


_OFFICER = frozenset({"complaints_officer"})
_HANDLER = frozenset({"handler"})
_CASE_WORKERS = frozenset({"complaints_officer", "handler"})
_State = ComplaintState
_Action = ComplaintAction


def _to(state: ComplaintState, by: Collection[str], fact: str) -> Step:
    return step(state, by=by, event=f"complaints.complaint.{fact}")


COMPLAINT = Workflow(
    name="complaint",
    initial=_State.RECEIVED,
    create={
        _Action.RECEIVE: _to(
            _State.RECEIVED, NPM | SYSTEM | _OFFICER | {"partner_system", "nhri_complaints"}, "received"
        ),
    },
    transitions={
        (_State.RECEIVED, _Action.RECORD): _to(_State.RECORDED, _OFFICER | SYSTEM, "recorded"),
        (_State.RECORDED, _Action.ASSESS): _to(_State.ASSESSED, _OFFICER, "assessed"),
        (_State.ASSESSED, _Action.CLASSIFY): _to(_State.CLASSIFIED, _OFFICER, "classified"),
        (_State.CLASSIFIED, _Action.RECLASSIFY): _to(_State.CLASSIFIED, _OFFICER, "reclassified"),
        (_State.ACTION_DECIDED, _Action.RECLASSIFY): _to(_State.ACTION_DECIDED, _HANDLER, "reclassified"),
        (_State.IN_ACTION, _Action.RECLASSIFY): _to(_State.IN_ACTION, _HANDLER, "reclassified"),
        (_State.CLASSIFIED, _Action.DECIDE_ACTION): _to(_State.ACTION_DECIDED, _HANDLER, "action_decided"),
        (_State.ACTION_DECIDED, _Action.START_ACTION): _to(_State.IN_ACTION, _HANDLER, "action_started"),
        (_State.IN_ACTION, _Action.RECORD_OUTCOME): _to(_State.OUTCOME_RECORDED, _HANDLER, "outcome_recorded"),
        **{
            (state, _Action.CLOSE): _to(_State.CLOSED, _HANDLER, "closed")
            for state in (_State.ACTION_DECIDED, _State.IN_ACTION, _State.OUTCOME_RECORDED)
        },
        **{
            (state, _Action.STOP_AT_REQUEST): _to(_State.CLOSED, _CASE_WORKERS, "stopped")
            for state in (_State.RECORDED, _State.ASSESSED, _State.CLASSIFIED, _State.ACTION_DECIDED, _State.IN_ACTION)
        },
        (_State.CLOSED, _Action.REOPEN): _to(_State.IN_ACTION, _HANDLER, "reopened"),
        (_State.CLOSED, _Action.TAKE_UP_AGAIN): _to(_State.RECORDED, _CASE_WORKERS, "taken_up_again"),
        **{
            (state, _Action.MERGE): _to(_State.MERGED, _CASE_WORKERS, "merged")
            for state in _State
            if state not in (_State.CLOSED, _State.MERGED)
        },
        (_State.MERGED, _Action.SEPARATE): _to(_State.RECORDED, _CASE_WORKERS, "separated"),
    },
)


class ComplaintKind(Vocabulary):
    """What a complaint is about."""

    TREATMENT = "treatment", "Treatment"
    CONDITIONS = "conditions", "Conditions"
    OTHER_SITUATION = "other_situation", "Other situation"


class SourceRole(Vocabulary):
    """Who complains."""

    DEPRIVED_PERSON = "deprived_person", "Person deprived of liberty"
    FAMILY = "family", "Family"
    LAWYER = "lawyer", "Lawyer"
    PERSON_ACTING_FOR = "person_acting_for", "Person acting for them"
    STAFF_MEMBER = "staff_member", "Staff member"
    CSO = "cso", "Civil society organisation"
    OTHER_DEPARTMENT = "other_department", "Other department"
    OTHER_BODY = "other_body", "Other body"
    OTHER = "other", "Other"


class ComplaintChannel(Vocabulary):
    """How a complaint arrived."""

    VISIT_ORAL = "visit_oral", "Visit, orally"
    VISIT_WRITTEN = "visit_written", "Visit, in writing"
    MAIL = "mail", "Mail"
    PHONE = "phone", "Phone"
    EMAIL = "email", "E-mail"
    DEPARTMENT = "department", "Department"
    PARTNER_SYSTEM = "partner_system", "Partner system"
    BOX_IN_PLACE = "box_in_place", "Box in the place"


class Seriousness(Vocabulary):
    """How grave it is, lowest first."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    CRITICAL = "critical", "Critical"


class Urgency(Vocabulary):
    """How soon something has to be done."""

    ROUTINE = "routine", "Routine"
    SOON = "soon", "Soon"
    URGENT = "urgent", "Urgent"
    IMMEDIATE = "immediate", "Immediate"


class ActionKind(Vocabulary):
    """What the NPM does with a complaint."""

    RAISE_WITH_MANAGEMENT = "raise_with_management", "Raise with management"
    NOTIFY_AUTHORITY = "notify_authority", "Notify the authority"
    RECOMMEND = "recommend", "Recommend"
    PROPOSE_AD_HOC_VISIT = "propose_ad_hoc_visit", "Propose an ad hoc visit"
    PROPOSE_REACTIVE_VISIT = "propose_reactive_visit", "Propose a reactive visit"
    REFER = "refer", "Refer"
    FOLLOW_AS_EMBLEMATIC = "follow_as_emblematic", "Follow as emblematic"
    PROTECTIVE_MEASURE = "protective_measure", "Protective measure"
    INFORMATION_ONLY = "information_only", "Information only"
    PATTERN_ONLY = "pattern_only", "Pattern only"


class AssignmentRole(Vocabulary):
    """What a person does on a case; assignments decide who reads."""

    INTAKE = "intake", "Intake"
    CLASSIFIER = "classifier", "Classifier"
    HANDLER = "handler", "Handler"


class OutcomeKind(Vocabulary):
    """What came of a complaint."""

    RESOLVED = "resolved", "Resolved"
    IMPROVED = "improved", "Improved"
    NO_CHANGE = "no_change", "No change"
    UNKNOWN = "unknown", "Unknown"
    NOT_FOLLOWED = "not_followed", "Not followed"


#: What can reveal the person to somebody outside; asks for a risk assessment first.
OUTWARD = frozenset(
    {ActionKind.RAISE_WITH_MANAGEMENT, ActionKind.NOTIFY_AUTHORITY, ActionKind.RECOMMEND, ActionKind.REFER}
)
_KEPT_ONLY = frozenset({ActionKind.PATTERN_ONLY, ActionKind.INFORMATION_ONLY})


@dataclass(frozen=True, kw_only=True)
class PlannedAction:
    """One decided action, with what allows it to go out."""

    kind: ActionKind
    has_valid_consent: bool = False
    has_approved_disclosure: bool = False
    is_anonymised: bool = False
    unit_population: int | None = None


def missing_for_record(*, has_kind: bool, has_theme: bool, has_place_or_authority: bool) -> tuple[str, ...]:
    """Ask for the minimum of every complaint; persons are never part of it."""
    needed = {"kind": has_kind, "theme": has_theme, "place or authority": has_place_or_authority}
    return tuple(name for name, there in needed.items() if not there)


def is_acknowledgement_settled(*, sent_on: date | None, is_unsafe: bool = False, is_impossible: bool = False) -> bool:
    """Tell whether receipt is dealt with: sent, or judged unsafe, or impossible."""
    return sent_on is not None or is_unsafe or is_impossible


def is_acknowledgement_overdue(state: ComplaintState, *, due_on: date, is_settled: bool, today: date) -> bool:
    """Tell whether somebody still waits for an acknowledgement that was due; due is to the end of the day."""
    return state in (ComplaintState.RECEIVED, ComplaintState.RECORDED) and not is_settled and today > due_on


def missing_for_assessment(*, is_best_place_judged: bool, is_acknowledgement_settled: bool) -> tuple[str, ...]:
    """Ask first whether the NPM is best placed to respond, with the reason."""
    needed = {"position assessment": is_best_place_judged, "acknowledgement": is_acknowledgement_settled}
    return tuple(name for name, there in needed.items() if not there)


def least_seriousness(themes: Collection[str]) -> Seriousness:
    """Give the lowest seriousness that the themes allow."""
    return Seriousness.CRITICAL if TORTURE in themes else Seriousness.LOW


def missing_for_classification(
    *, themes: Collection[str], seriousness: Seriousness | None, urgency: Urgency | None, has_risk_assessment: bool
) -> tuple[str, ...]:
    """Ask for seriousness, urgency and risk; an allegation of torture is critical whatever else is known."""
    needed = {
        "seriousness": seriousness is not None,
        "seriousness critical": TORTURE not in themes or seriousness in (None, Seriousness.CRITICAL),
        "urgency": urgency is not None,
        "risk assessment": has_risk_assessment,
    }
    return tuple(name for name, there in needed.items() if not there)


def can_go_out(action: PlannedAction, *, smallest_unit: int = SMALLEST_UNIT) -> bool:
    """Tell whether an action may begin: OPCAT Art. 21(2), personal data only with express consent.

    An anonymised notice to management counts only where the unit is not so small that everybody knows who spoke.
    """
    if action.kind not in OUTWARD or action.has_valid_consent or action.has_approved_disclosure:
        return True
    if action.kind is ActionKind.RAISE_WITH_MANAGEMENT:
        return action.is_anonymised and action.unit_population is not None and action.unit_population >= smallest_unit
    return action.is_anonymised


@dataclass(frozen=True, kw_only=True)
class Closing:
    """What the guard of closing looks at."""

    state: ComplaintState
    action_kinds: Collection[ActionKind]
    seriousness: Seriousness
    is_emblematic: bool = False
    is_sampled_referral: bool = False
    is_reprisal_case_settled: bool = True
    is_person_told_or_unsafe: bool = False


def missing_for_closing(closing: Closing) -> tuple[str, ...]:
    """Ask for an outcome of serious, emblematic and sampled ones, and that nobody at risk is left alone."""
    has_outcome = closing.state is ComplaintState.OUTCOME_RECORDED
    relevant = closing.is_emblematic or closing.is_sampled_referral or closing.seriousness in ("high", "critical")
    kept_only = frozenset(closing.action_kinds) <= _KEPT_ONLY
    needed = {
        "action": bool(closing.action_kinds),
        "outcome": has_outcome or not relevant,
        "begun action": closing.state is not ComplaintState.ACTION_DECIDED or kept_only,
        "reprisal case closed or carried on": closing.is_reprisal_case_settled,
        "person told where safe": closing.is_person_told_or_unsafe or not has_outcome,
    }
    return tuple(name for name, there in needed.items() if not there)


def missing_for_stopping(
    *, person_asked: bool, is_pressure_ruled_out: bool, has_reprisal_case: bool
) -> tuple[str, ...]:
    """Ask whether it is the person's own wish: who was pressed to give up needs protection, not a closed file."""
    needed = {
        "the person's request": person_asked,
        "pressure ruled out or a reprisal case": is_pressure_ruled_out or has_reprisal_case,
    }
    return tuple(name for name, there in needed.items() if not there)


def way_back(*, was_classified: bool) -> ComplaintAction:
    """Give the action that takes a closed complaint up again."""
    return ComplaintAction.REOPEN if was_classified else ComplaintAction.TAKE_UP_AGAIN

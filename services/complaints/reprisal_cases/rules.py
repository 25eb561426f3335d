"""The rules of a reprisal case: protecting those who talked to the NPM comes first.

Pure: no database, no HTTP, no clock. Never lets a case end on hope: only a clean last check with contact, a visit, or
a stated reason why neither was possible.
"""

from datetime import date, timedelta

from shared.workflow import Vocabulary, Workflow, step

INTERNATIONAL_VISIT_CHECK_DAYS = 30


class ReprisalCaseState(Vocabulary):
    """The states of the machine `reprisal_case`."""

    OPENED = "opened", "Opened"
    ASSESSED = "assessed", "Assessed"
    MEASURES_RUNNING = "measures_running", "Measures running"
    MONITORING = "monitoring", "Monitoring"
    ALLEGED = "alleged", "Alleged"
    RESPONDING = "responding", "Responding"
    CLOSED = "closed", "Closed"


class ReprisalCaseAction(Vocabulary):
    """What can be done with it."""

    OPEN = "open", "Open"
    ASSESS = "assess", "Assess"
    START_MEASURES = "start_measures", "Start measures"
    MONITOR = "monitor", "Monitor"
    RECORD_CHECK = "record_check", "Record check"
    RECORD_ALLEGATION = "record_allegation", "Record allegation"
    RESPOND = "respond", "Respond"
    RESUME_MONITORING = "resume_monitoring", "Resume monitoring"
    CLOSE = "close", "Close"
    REOPEN = "reopen", "Reopen"


_PROTECTORS = frozenset({"complaints_officer", "handler", "vault_keeper"})
_State = ReprisalCaseState
_Action = ReprisalCaseAction

REPRISAL_CASE = Workflow(
    name="reprisal_case",
    initial=_State.OPENED,
    create={
        _Action.OPEN: step(
            _State.OPENED,
            by={"head", "complaints_officer", "vault_keeper", "system"},
            event="complaints.reprisal_case.opened",
        ),
    },
    transitions={
        (_State.OPENED, _Action.ASSESS): step(
            _State.ASSESSED, by=_PROTECTORS, event="complaints.reprisal_case.risk_raised"
        ),
        (_State.ASSESSED, _Action.START_MEASURES): step(
            _State.MEASURES_RUNNING, by=_PROTECTORS, event="complaints.reprisal_case.measures_started"
        ),
        **{
            (state, _Action.MONITOR): step(
                _State.MONITORING, by=_PROTECTORS, event="complaints.reprisal_case.monitoring_started"
            )
            for state in (_State.ASSESSED, _State.MEASURES_RUNNING)
        },
        (_State.MONITORING, _Action.RECORD_CHECK): step(
            _State.MONITORING, by=_PROTECTORS, event="complaints.reprisal_case.checked"
        ),
        **{
            (state, _Action.RECORD_ALLEGATION): step(
                _State.ALLEGED,
                by={"head", "complaints_officer", "handler", "vault_keeper"},
                event="complaints.reprisal_case.alleged",
            )
            for state in (_State.OPENED, _State.ASSESSED, _State.MEASURES_RUNNING, _State.MONITORING, _State.RESPONDING)
        },
        (_State.ALLEGED, _Action.RESPOND): step(
            _State.RESPONDING,
            by={"complaints_officer", "handler", "head"},
            event="complaints.reprisal_case.response_started",
        ),
        (_State.RESPONDING, _Action.RESUME_MONITORING): step(
            _State.MONITORING, by={"complaints_officer", "handler"}, event="complaints.reprisal_case.monitoring_started"
        ),
        **{
            (state, _Action.CLOSE): step(
                _State.CLOSED, by={"complaints_officer", "handler"}, event="complaints.reprisal_case.closed"
            )
            for state in (_State.MONITORING, _State.RESPONDING)
        },
        (_State.CLOSED, _Action.REOPEN): step(
            _State.OPENED, by={"head", "complaints_officer", "vault_keeper"}, event="complaints.reprisal_case.reopened"
        ),
    },
)


class ReprisalTrigger(Vocabulary):
    """What put somebody at risk."""

    INTERVIEW = "interview", "Interview"
    COMPLAINT = "complaint", "Complaint"
    REFERRAL = "referral", "Referral"
    DISCLOSURE = "disclosure", "Disclosure"
    VISIT = "visit", "Visit"
    INTERNATIONAL_VISIT = "international_visit", "International visit"
    INCIDENT = "incident", "Incident"


class ReprisalTarget(Vocabulary):
    """Who is at risk; the NPM, its people and civil society can be hit too."""

    DETAINEE = "detainee", "Detainee"
    FAMILY = "family", "Family"
    STAFF = "staff", "Staff"
    CSO = "cso", "Civil society"
    NPM_PERSON = "npm_person", "Person of the NPM"
    NPM = "npm", "The NPM"


class ReprisalLevel(Vocabulary):
    """How high the risk is."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class ProtectiveMeasureKind(Vocabulary):
    """What protects somebody."""

    WIDER_INTERVIEW_GROUP = "wider_interview_group", "Wider interview group"
    WIDE_FILE_REVIEW = "wide_file_review", "Wide review of files"
    FOLLOW_UP_VISIT = "follow_up_visit", "Follow-up visit"
    GENERAL_NOTICE_TO_MANAGEMENT = "general_notice_to_management", "General notice to management"
    CONTACT_DETAILS_LEFT = "contact_details_left", "Contact details left"
    LEGAL_OR_MEDICAL_REFERRAL = "legal_or_medical_referral", "Legal or medical referral"
    PUBLIC_OR_NETWORK_ACTION = "public_or_network_action", "Public or network action"
    NOTICE_TO_SPT = "notice_to_spt", "Notice to the SPT"
    SILENT_MONITORING = "silent_monitoring", "Silent monitoring"


#: Calendar days: what protects a person does not wait for offices to open.
ASSESSMENT_DAYS = {ReprisalLevel.HIGH: 2, ReprisalLevel.MEDIUM: 7, ReprisalLevel.LOW: 7}
CHECK_INTERVAL_DAYS = {ReprisalLevel.HIGH: 7, ReprisalLevel.MEDIUM: 30, ReprisalLevel.LOW: 90}


def assessment_due_on(opened_on: date, suspected: ReprisalLevel | None = None) -> date:
    """Give the day by which the risk is assessed; nothing known yet counts as the longer period."""
    return opened_on + timedelta(days=ASSESSMENT_DAYS[suspected or ReprisalLevel.LOW])


def latest_check_on(checked_on: date, level: ReprisalLevel) -> date:
    """Give the last day for the next check."""
    return checked_on + timedelta(days=CHECK_INTERVAL_DAYS[level])


def is_assessment_overdue(state: ReprisalCaseState, due_on: date, today: date) -> bool:
    """Tell whether the risk should have been assessed by now."""
    return state is ReprisalCaseState.OPENED and today > due_on


def is_check_overdue(state: ReprisalCaseState, next_check_on: date | None, today: date) -> bool:
    """Tell whether a check is owed and its day has passed."""
    return state is ReprisalCaseState.MONITORING and next_check_on is not None and today > next_check_on


def missing_for_monitoring(
    *, level: ReprisalLevel, has_measures: bool, next_check_on: date | None, today: date
) -> tuple[str, ...]:
    """Ask for a next check within the interval of the level, and for measures first where the risk is high."""
    in_time = next_check_on is not None and today <= next_check_on <= latest_check_on(today, level)
    needed = {
        "next_check_on within the interval": in_time,
        "at least one measure": has_measures or level is not ReprisalLevel.HIGH,
    }
    return tuple(name for name, there in needed.items() if not there)


def missing_for_closing(
    *, is_last_check_clean: bool, is_person_contacted: bool, is_visit_done: bool, why_both_impossible: str | None
) -> tuple[str, ...]:
    """Ask for a clean last check, and for contact or a visit, or why both were impossible."""
    needed = {
        "clean last check": is_last_check_clean,
        "contact, follow-up visit, or why both are impossible": is_person_contacted
        or is_visit_done
        or bool((why_both_impossible or "").strip()),
    }
    return tuple(name for name, there in needed.items() if not there)

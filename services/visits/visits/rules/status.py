"""The rules of a visit: its types, roles and states.

Pure: no database, no HTTP, no clock. What has to be there before each act is in `guards`, who may go is in `team`.
"""

from datetime import date

from shared.workflow import SYSTEM, Vocabulary, Workflow, step

HEAD = frozenset({"head"})
LEAD = frozenset({"lead"})
HEAD_OR_LEAD = frozenset({"head", "lead"})
NOT_SECONDED = frozenset({"head", "member", "staff"})
APPROVER = frozenset({"approver"})
DRAFTER = frozenset({"drafter"})


#: The share of visit days in 12 months above which reactive and ad hoc visits are warned about.
MOST_UNPLANNED = 0.30


class VisitType(Vocabulary):
    """The five types of visit."""

    IN_DEPTH = "in_depth", "In-depth"
    THEMATIC = "thematic", "Thematic"
    FOLLOW_UP = "follow_up", "Follow-up"
    AD_HOC = "ad_hoc", "Ad hoc"
    REACTIVE = "reactive", "Reactive"


class VisitPurpose(Vocabulary):
    """What a visit is for; a visit may have several purposes."""

    REGULAR_MONITORING = "regular_monitoring", "Regular monitoring"
    BASELINE = "baseline", "Baseline"
    THEME = "theme", "Theme"
    RECOMMENDATION_CHECK = "recommendation_check", "Check of recommendations"
    REPRISAL_CHECK = "reprisal_check", "Check for reprisals"
    ISSUE_OF_CONCERN = "issue_of_concern", "Issue of concern"
    INDIVIDUAL_ALLEGATION = "individual_allegation", "Individual allegation"
    JOINT_WITH_BODY = "joint_with_body", "Joint visit with another body"
    MANDATE_INTRODUCTION = "mandate_introduction", "Introduction of the mandate"


class Announcement(Vocabulary):
    """Whether the place was told beforehand."""

    UNANNOUNCED = "unannounced", "Unannounced"
    ANNOUNCED = "announced", "Announced"
    PERIOD_ANNOUNCED = "period_announced", "Period announced"
    SHORT_NOTICE = "short_notice", "Announced at short notice"


class VisitRole(Vocabulary):
    """What somebody does for a visit (R-V48)."""

    LEAD = "lead", "Lead"
    TEAM_MEMBER = "team_member", "Team member"
    PREPARATION_CONTRIBUTOR = "preparation_contributor", "Contributor to the preparation"
    DRAFTER = "drafter", "Drafter"
    APPROVER = "approver", "Approver"
    AUTHORITY_CONTACT = "authority_contact", "Contact to the authorities"
    INTERPRETER = "interpreter", "Interpreter"


#: Those who enter the place.
GOING_ROLES = frozenset({VisitRole.LEAD, VisitRole.TEAM_MEMBER, VisitRole.INTERPRETER})


class PlaceAccess(Vocabulary):
    """How far the team got into a place."""

    FULL = "full", "Full"
    PARTIAL = "partial", "Partial"
    REFUSED = "refused", "Refused"


class MeetingKind(Vocabulary):
    """The talks with a place on site."""

    OPENING = "opening", "Opening meeting"
    STAFF = "staff", "Meeting with staff"
    CLOSING = "closing", "Closing meeting"


class SubjectKind(Vocabulary):
    """Whom an interview was held with."""

    DEPRIVED_PERSON = "deprived_person", "Person deprived of liberty"
    STAFF = "staff", "Staff"
    FAMILY = "family", "Family"
    OTHER = "other", "Other"


class ManagementResponse(Vocabulary):
    """What management did about a problem raised on site."""

    EDUCATIONAL = "educational", "Educational measure"
    DISCIPLINARY = "disciplinary", "Disciplinary measure"
    STAFF_REPLACED = "staff_replaced", "Staff replaced"
    OTHER = "other", "Other"
    NONE = "none", "None"


class VisitStatus(Vocabulary):
    """The states of a visit."""

    PROPOSED = "proposed", "Proposed"
    PLANNED = "planned", "Planned"
    PREPARING = "preparing", "Preparing"
    READY = "ready", "Ready"
    IN_PROGRESS = "in_progress", "In progress"
    OBSTRUCTED = "obstructed", "Obstructed"
    POSTPONED = "postponed", "Postponed"
    DEBRIEFING = "debriefing", "Debriefing"
    REPORTING = "reporting", "Reporting"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class VisitAction(Vocabulary):
    """What is done with a visit."""

    PROPOSE = "propose", "Propose"
    PLAN = "plan", "Plan"
    PREPARE = "prepare", "Prepare"
    CONFIRM = "confirm", "Confirm"
    REOPEN_PREPARATION = "reopen_preparation", "Reopen preparation"
    START = "start", "Start"
    REPORT_OBSTRUCTION = "report_obstruction", "Report obstruction"
    RESUME = "resume", "Resume"
    END_EARLY = "end_early", "End early"
    FINISH = "finish", "Finish"
    DEBRIEF = "debrief", "Debrief"
    CLOSE = "close", "Close"
    REOPEN = "reopen", "Reopen"
    POSTPONE = "postpone", "Postpone"
    REPLAN = "replan", "Replan"
    CANCEL = "cancel", "Cancel"


VISIT = Workflow(
    name="visit",
    initial=VisitStatus.PROPOSED,
    create={VisitAction.PROPOSE: step(VisitStatus.PROPOSED, by=NOT_SECONDED, event="visits.visit.proposed")},
    transitions={
        (VisitStatus.PROPOSED, VisitAction.PLAN): step(
            VisitStatus.PLANNED, by=HEAD_OR_LEAD, event="visits.visit.planned"
        ),
        (VisitStatus.PLANNED, VisitAction.PREPARE): step(
            VisitStatus.PREPARING, by=LEAD, event="visits.visit.preparation_started"
        ),
        (VisitStatus.PREPARING, VisitAction.CONFIRM): step(VisitStatus.READY, by=LEAD, event="visits.visit.readied"),
        (VisitStatus.READY, VisitAction.REOPEN_PREPARATION): step(
            VisitStatus.PREPARING, by=LEAD | SYSTEM, event="visits.visit.preparation_reopened"
        ),
        (VisitStatus.READY, VisitAction.START): step(VisitStatus.IN_PROGRESS, by=LEAD, event="visits.visit.started"),
        (VisitStatus.IN_PROGRESS, VisitAction.REPORT_OBSTRUCTION): step(
            VisitStatus.OBSTRUCTED, by=LEAD, event="visits.visit.obstructed"
        ),
        (VisitStatus.OBSTRUCTED, VisitAction.RESUME): step(
            VisitStatus.IN_PROGRESS, by=LEAD, event="visits.visit.resumed"
        ),
        (VisitStatus.OBSTRUCTED, VisitAction.END_EARLY): step(
            VisitStatus.DEBRIEFING, by=LEAD, event="visits.visit.completed"
        ),
        (VisitStatus.IN_PROGRESS, VisitAction.FINISH): step(
            VisitStatus.DEBRIEFING, by=LEAD, event="visits.visit.completed"
        ),
        (VisitStatus.DEBRIEFING, VisitAction.DEBRIEF): step(
            VisitStatus.REPORTING, by=LEAD, event="visits.visit.debriefed"
        ),
        (VisitStatus.REPORTING, VisitAction.CLOSE): step(VisitStatus.CLOSED, by=LEAD, event="visits.visit.closed"),
        (VisitStatus.CLOSED, VisitAction.REOPEN): step(VisitStatus.REPORTING, by=HEAD, event="visits.visit.reopened"),
        **{
            (state, VisitAction.POSTPONE): step(VisitStatus.POSTPONED, by=HEAD_OR_LEAD, event="visits.visit.postponed")
            for state in (VisitStatus.PROPOSED, VisitStatus.PLANNED, VisitStatus.PREPARING, VisitStatus.READY)
        },
        (VisitStatus.POSTPONED, VisitAction.REPLAN): step(
            VisitStatus.PLANNED, by=HEAD_OR_LEAD, event="visits.visit.replanned"
        ),
        **{
            (state, VisitAction.CANCEL): step(VisitStatus.CANCELLED, by=HEAD_OR_LEAD, event="visits.visit.cancelled")
            for state in (
                VisitStatus.PROPOSED,
                VisitStatus.PLANNED,
                VisitStatus.PREPARING,
                VisitStatus.READY,
                VisitStatus.POSTPONED,
            )
        },
    },
    final=frozenset({VisitStatus.CANCELLED}),
)


def is_overrun(status: VisitStatus, last_day: date, today: date) -> bool:
    """Whether a visit is still on after its last day."""
    return status is VisitStatus.IN_PROGRESS and today > last_day


def is_report_late(status: VisitStatus, report_due_on: date, today: date) -> bool:
    """Whether the report of a debriefed visit is owed for too long."""
    return status is VisitStatus.REPORTING and today > report_due_on


def reactive_share(days_by_type: dict[VisitType, float]) -> float:
    """Give the share of visit days that reactive and ad hoc visits took; the work stays mainly proactive (R-V51)."""
    total = sum(days_by_type.values())
    unplanned = days_by_type.get(VisitType.REACTIVE, 0.0) + days_by_type.get(VisitType.AD_HOC, 0.0)
    return unplanned / total if total else 0.0


def is_too_reactive(days_by_type: dict[VisitType, float], limit: float = MOST_UNPLANNED) -> bool:
    """Whether the year went to answering more than to preventing; a warning, no bar (R-V51)."""
    return reactive_share(days_by_type) > limit

"""The rules of an access incident: refused, delayed or limited access, and what became of it.

Pure: no database, no HTTP, no clock. An open serious incident raises a place's priority; nothing here sets that score.
"""

from collections.abc import Mapping

from shared.workflow import NPM, Vocabulary, Workflow, step

HEAD = frozenset({"head"})
CONTACT_OR_HEAD = frozenset({"head", "authority_contact"})


class IncidentKind(Vocabulary):
    """What was refused or limited."""

    REFUSED = "refused", "Access refused"
    DELAYED = "delayed", "Access delayed"
    PARTIAL = "partial", "Access to a part only"
    NO_PRIVATE_INTERVIEW = "no_private_interview", "No private interview"
    FILES_REFUSED = "files_refused", "Files refused"
    PERSONS_REFUSED = "persons_refused", "Persons refused"
    CSO_ACCESS_RESTRICTED = "cso_access_restricted", "Access of civil society restricted"


#: The power of OPCAT Art. 20 that was touched; the access of others is no power of ours.
OPCAT_ARTICLES: Mapping[IncidentKind, str] = {
    IncidentKind.REFUSED: "20(c)",
    IncidentKind.DELAYED: "20(c)",
    IncidentKind.PARTIAL: "20(c)",
    IncidentKind.NO_PRIVATE_INTERVIEW: "20(d)",
    IncidentKind.FILES_REFUSED: "20(b)",
    IncidentKind.PERSONS_REFUSED: "20(e)",
}


class IncidentStatus(Vocabulary):
    """The states of an access incident."""

    REPORTED = "reported", "Reported"
    RAISED = "raised", "Raised"
    UNRESOLVED = "unresolved", "Unresolved"
    ESCALATED = "escalated", "Escalated"
    RESOLVED = "resolved", "Resolved"
    CLOSED = "closed", "Closed"


class IncidentAction(Vocabulary):
    """What is done with an access incident."""

    REPORT = "report", "Report"
    RAISE = "raise", "Raise"
    RESOLVE = "resolve", "Resolve"
    MARK_UNRESOLVED = "mark_unresolved", "Mark unresolved"
    ESCALATE = "escalate", "Escalate"
    REOPEN = "reopen", "Reopen"
    CLOSE = "close", "Close"


ACCESS_INCIDENT = Workflow(
    name="access_incident",
    initial=IncidentStatus.REPORTED,
    create={IncidentAction.REPORT: step(IncidentStatus.REPORTED, by=NPM, event="visits.access_incident.reported")},
    transitions={
        (IncidentStatus.REPORTED, IncidentAction.RAISE): step(
            IncidentStatus.RAISED, by=CONTACT_OR_HEAD, event="visits.access_incident.raised"
        ),
        **{
            (state, IncidentAction.RESOLVE): step(
                IncidentStatus.RESOLVED, by=NPM, event="visits.access_incident.resolved"
            )
            for state in (
                IncidentStatus.REPORTED,
                IncidentStatus.RAISED,
                IncidentStatus.UNRESOLVED,
                IncidentStatus.ESCALATED,
            )
        },
        (IncidentStatus.RAISED, IncidentAction.MARK_UNRESOLVED): step(
            IncidentStatus.UNRESOLVED, by=NPM, event="visits.access_incident.left_unresolved"
        ),
        (IncidentStatus.UNRESOLVED, IncidentAction.RAISE): step(
            IncidentStatus.RAISED, by=CONTACT_OR_HEAD, event="visits.access_incident.raised"
        ),
        **{
            (state, IncidentAction.ESCALATE): step(
                IncidentStatus.ESCALATED, by=HEAD, event="visits.access_incident.escalated"
            )
            for state in (IncidentStatus.RAISED, IncidentStatus.UNRESOLVED)
        },
        (IncidentStatus.RESOLVED, IncidentAction.REOPEN): step(
            IncidentStatus.RAISED, by=NPM, event="visits.access_incident.reopened"
        ),
        **{
            (state, IncidentAction.CLOSE): step(IncidentStatus.CLOSED, by=HEAD, event="visits.access_incident.closed")
            for state in (IncidentStatus.RESOLVED, IncidentStatus.UNRESOLVED, IncidentStatus.ESCALATED)
        },
    },
    final=frozenset({IncidentStatus.CLOSED}),
)


class IncidentGap(Vocabulary):
    """What is missing before an act on an access incident."""

    WHO = "who", "it is not said who refused"
    AUTHORITY = "authority", "the authority is not named"
    CHANNEL = "channel", "the channel is not named"
    GROUND = "ground", "no ground is given"
    RETAINED_CHANNEL = "retained_channel", "no channel to the authority is kept open"
    RESULT = "result", "the result is not stated"
    REASON = "reason", "no reason is given"


def is_open(status: IncidentStatus) -> bool:
    """Whether the incident is neither put right nor closed."""
    return status not in (IncidentStatus.RESOLVED, IncidentStatus.CLOSED)


def raises_priority(status: IncidentStatus, *, is_serious: bool) -> bool:
    """Whether the incident lifts the priority of its place to a floor (F1)."""
    return is_serious and is_open(status)


def action_gaps(
    action: IncidentAction, status: IncidentStatus, given: Mapping[IncidentGap, str]
) -> tuple[IncidentGap, ...]:
    """Say what an act on an incident still needs; `given` holds what was said, by what it answers."""
    return tuple(gap for gap in needed_for(action, status) if not given.get(gap, "").strip())


def needed_for(action: IncidentAction, status: IncidentStatus) -> tuple[IncidentGap, ...]:
    """Give what an act needs: raising again an unresolved incident goes to the same authority, by the same channel."""
    if action is IncidentAction.RAISE and status is IncidentStatus.UNRESOLVED:
        return ()
    return NEEDED.get(action, ())


NEEDED: Mapping[IncidentAction, tuple[IncidentGap, ...]] = {
    IncidentAction.REPORT: (IncidentGap.WHO,),
    IncidentAction.RAISE: (IncidentGap.AUTHORITY, IncidentGap.CHANNEL),
    IncidentAction.RESOLVE: (IncidentGap.RESULT,),
    IncidentAction.MARK_UNRESOLVED: (IncidentGap.RESULT,),
    IncidentAction.ESCALATE: (IncidentGap.GROUND, IncidentGap.RETAINED_CHANNEL),
    IncidentAction.REOPEN: (IncidentGap.REASON,),
    IncidentAction.CLOSE: (IncidentGap.RESULT,),
}

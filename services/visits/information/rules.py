"""The rules of information about a place: where it comes from, and that it is weighed before it counts.

Pure: no database, no HTTP, no clock. A piece that was not accepted never touches a score.
"""

from datetime import date

from shared.workflow import NPM, Vocabulary, Workflow, step

SENDERS = frozenset({"cso_partner", "partner_system"})


class InformationSource(Vocabulary):
    """Who told."""

    CSO = "cso", "Civil society"
    BODY = "body", "Another body"
    MEDIA = "media", "Media"
    OTHER = "other", "Other"


class InformationKind(Vocabulary):
    """What kind of information it is."""

    BASELINE = "baseline", "Baseline"
    CONCERN = "concern", "Concern"
    SUGGESTION = "suggestion", "Suggestion"


class InformationStatus(Vocabulary):
    """The states of a piece of information."""

    RECEIVED = "received", "Received"
    ACCEPTED = "accepted", "Accepted"
    DISMISSED = "dismissed", "Dismissed"
    RETIRED = "retired", "Retired"


class InformationAction(Vocabulary):
    """What is done with a piece of information."""

    SUBMIT = "submit", "Submit"
    ACCEPT = "accept", "Accept"
    DISMISS = "dismiss", "Dismiss"
    RETIRE = "retire", "Retire"


PLACE_INFORMATION = Workflow(
    name="place_information",
    initial=InformationStatus.RECEIVED,
    create={
        InformationAction.SUBMIT: step(
            InformationStatus.RECEIVED, by=NPM | SENDERS, event="visits.place_information.received"
        )
    },
    transitions={
        **{
            (state, InformationAction.ACCEPT): step(
                InformationStatus.ACCEPTED, by=NPM, event="visits.place_information.accepted"
            )
            for state in (InformationStatus.RECEIVED, InformationStatus.DISMISSED)
        },
        **{
            (state, InformationAction.DISMISS): step(
                InformationStatus.DISMISSED, by=NPM, event="visits.place_information.dismissed"
            )
            for state in (InformationStatus.RECEIVED, InformationStatus.ACCEPTED)
        },
        **{
            (state, InformationAction.RETIRE): step(
                InformationStatus.RETIRED, by=NPM, event="visits.place_information.retired"
            )
            for state in (InformationStatus.ACCEPTED, InformationStatus.DISMISSED)
        },
    },
    final=frozenset({InformationStatus.RETIRED}),
)


def is_valid(status: InformationStatus, valid_until: date | None, today: date) -> bool:
    """Whether a piece counts today; without an end it counts until it is retired."""
    return status is InformationStatus.ACCEPTED and (valid_until is None or today <= valid_until)

"""The rules of a request for more time.

Pure: no database, no HTTP, no clock. Never moves a date by itself: authorities may ask, the NPM decides, and a due date
changes only by a grant.
"""

from datetime import date

from shared.workflow import NPM, Vocabulary, Workflow, step


class ExtensionRequestState(Vocabulary):
    """The states of the machine `extension_request`."""

    ASKED = "asked", "Asked"
    GRANTED = "granted", "Granted"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ExtensionRequestAction(Vocabulary):
    """What can be done with it."""

    ASK = "ask", "Ask"
    GRANT = "grant", "Grant"
    REFUSE = "refuse", "Refuse"
    WITHDRAW = "withdraw", "Withdraw"


EXTENSION_REQUEST = Workflow(
    name="extension_request",
    initial=ExtensionRequestState.ASKED,
    create={
        ExtensionRequestAction.ASK: step(
            ExtensionRequestState.ASKED, by={"authority_validator"}, event="recommendations.extension_request.asked"
        ),
    },
    transitions={
        (ExtensionRequestState.ASKED, ExtensionRequestAction.GRANT): step(
            ExtensionRequestState.GRANTED, by=NPM, event="recommendations.extension_request.granted"
        ),
        (ExtensionRequestState.ASKED, ExtensionRequestAction.REFUSE): step(
            ExtensionRequestState.REFUSED, by=NPM, event="recommendations.extension_request.refused"
        ),
        (ExtensionRequestState.ASKED, ExtensionRequestAction.WITHDRAW): step(
            ExtensionRequestState.WITHDRAWN,
            by={"authority_validator", "system"},
            event="recommendations.extension_request.withdrawn",
        ),
    },
    final=frozenset({ExtensionRequestState.GRANTED, ExtensionRequestState.REFUSED, ExtensionRequestState.WITHDRAWN}),
)


_ASKED_WHILE = ("awaited", "clarification_requested")


def hindrances_to_asking(
    *, response_state: str, asked_until: date, due_on: date, today: date, is_one_open: bool
) -> tuple[str, ...]:
    """Name what stands against a request."""
    found = {
        f"response is {response_state}": response_state not in _ASKED_WHILE,
        f"{asked_until} is not after today": asked_until <= today,
        f"{asked_until} is not after the due date {due_on}": asked_until <= due_on,
        "another request is open": is_one_open,
    }
    return tuple(hindrance for hindrance, stands in found.items() if stands)


def hindrances_to_granting(*, granted_until: date, due_on: date, reason: str) -> tuple[str, ...]:
    """Name what stands against a grant; the date may be the one asked for or the NPM's own, never an earlier one."""
    found = {
        f"{granted_until} is not after the due date {due_on}": granted_until <= due_on,
        "no reason": not reason.strip(),
    }
    return tuple(hindrance for hindrance, stands in found.items() if stands)


def due_after_decision(state: ExtensionRequestState, *, due_on: date, granted_until: date | None) -> date:
    """Give the date that holds: the granted one after a grant, else the one that stood."""
    return granted_until if granted_until and state is ExtensionRequestState.GRANTED else due_on

"""The rules of an accreditation: that an authority knows a person, from when to when.

Pure: no database, no HTTP, no clock. A request never says which visit it is for, nor a place of an unannounced one.
"""

from datetime import date

from shared.workflow import AUTHORITY, Vocabulary, Workflow, step

CONTACT = frozenset({"authority_contact"})
CONTACT_OR_HEAD = frozenset({"head", "authority_contact"})

#: All that an authority is told in a request (OPCAT Art. 20(e): the NPM chooses places and persons freely).
REQUEST_FIELDS = frozenset({"person_id", "authority_id", "from_on", "to_on"})


class AccreditationStatus(Vocabulary):
    """The states of an accreditation."""

    REQUESTED = "requested", "Requested"
    GRANTED = "granted", "Granted"
    REFUSED = "refused", "Refused"
    REVOKED = "revoked", "Revoked"
    WITHDRAWN = "withdrawn", "Withdrawn"


class AccreditationAction(Vocabulary):
    """What is done with an accreditation."""

    REQUEST = "request", "Request"
    GRANT = "grant", "Grant"
    REFUSE = "refuse", "Refuse"
    RENEW = "renew", "Renew"
    REVOKE = "revoke", "Revoke"
    WITHDRAW = "withdraw", "Withdraw"


ACCREDITATION = Workflow(
    name="accreditation",
    initial=AccreditationStatus.REQUESTED,
    create={
        AccreditationAction.REQUEST: step(
            AccreditationStatus.REQUESTED, by=CONTACT_OR_HEAD, event="stakeholders.accreditation.requested"
        )
    },
    transitions={
        (AccreditationStatus.REQUESTED, AccreditationAction.GRANT): step(
            AccreditationStatus.GRANTED, by=CONTACT | AUTHORITY, event="stakeholders.accreditation.granted"
        ),
        (AccreditationStatus.REQUESTED, AccreditationAction.REFUSE): step(
            AccreditationStatus.REFUSED, by=CONTACT | AUTHORITY, event="stakeholders.accreditation.refused"
        ),
        (AccreditationStatus.GRANTED, AccreditationAction.RENEW): step(
            AccreditationStatus.GRANTED, by=CONTACT | AUTHORITY, event="stakeholders.accreditation.renewed"
        ),
        (AccreditationStatus.GRANTED, AccreditationAction.REVOKE): step(
            AccreditationStatus.REVOKED, by=CONTACT | AUTHORITY, event="stakeholders.accreditation.revoked"
        ),
        **{
            (state, AccreditationAction.WITHDRAW): step(
                AccreditationStatus.WITHDRAWN, by=CONTACT_OR_HEAD, event="stakeholders.accreditation.withdrawn"
            )
            for state in (AccreditationStatus.REQUESTED, AccreditationStatus.GRANTED)
        },
    },
    final=frozenset({AccreditationStatus.REFUSED, AccreditationStatus.REVOKED, AccreditationStatus.WITHDRAWN}),
)


class AccreditationGap(Vocabulary):
    """What is missing before an act on an accreditation."""

    DATES = "dates", "the dates are missing, or the end is before the beginning"
    DOCUMENT = "document", "the document that came on paper is not filed"
    REASON = "reason", "no reason is given"


def is_valid(status: AccreditationStatus, from_on: date, to_on: date, day: date) -> bool:
    """Whether it holds on a day, the last one included."""
    return status is AccreditationStatus.GRANTED and from_on <= day <= to_on


def is_expired(status: AccreditationStatus, to_on: date, today: date) -> bool:
    """Whether it was granted and has run out."""
    return status is AccreditationStatus.GRANTED and today > to_on


def ends_before_visit(to_on: date, last_visit_day: date) -> bool:
    """Whether it runs out before a visit that the person is on is over."""
    return to_on < last_visit_day


def granting_gaps(
    from_on: date | None, to_on: date | None, *, came_on_paper: bool = False, is_document_filed: bool = False
) -> tuple[AccreditationGap, ...]:
    """Granting and renewing need dates, and on paper the paper."""
    is_dated = from_on is not None and to_on is not None and from_on <= to_on
    needed = (
        (AccreditationGap.DATES, is_dated),
        (AccreditationGap.DOCUMENT, is_document_filed or not came_on_paper),
    )
    return tuple(gap for gap, is_met in needed if not is_met)


def refusal_gaps(reason: str) -> tuple[AccreditationGap, ...]:
    """Who refuses or revokes says why."""
    return () if reason.strip() else (AccreditationGap.REASON,)


def tells_too_much(fields: frozenset[str]) -> bool:
    """Whether a request would tell an authority more than person and dates."""
    return not fields <= REQUEST_FIELDS

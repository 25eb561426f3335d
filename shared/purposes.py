"""Why somebody reads what is restricted: the codes of the header X-Access-Purpose, read in one place for every operation."""

from shared.workflow import Vocabulary

LONGEST_NOTE = 200


class AccessPurpose(Vocabulary):
    """Why somebody reads what is restricted."""

    CASE_HANDLING = "case_handling", "Handling of the case"
    RISK_ASSESSMENT = "risk_assessment", "Assessment of risk"
    CONTACT_PERSON = "contact_person", "Contact with the person"
    REFERRAL = "referral", "Referral to another body"
    REPRISAL_PROTECTION = "reprisal_protection", "Protection against reprisals"
    SUPERVISION = "supervision", "Supervision of case work"
    DATA_SUBJECT_REQUEST = "data_subject_request", "Request of the person concerned"
    VISIT_PREPARATION = "visit_preparation", "Preparation of a visit"
    LEGAL_DUTY = "legal_duty", "Legal duty"


def purpose_of(header: str) -> AccessPurpose | None:
    """Read the header: a code, optionally `; ` and a note; None when it is not one. The note is not kept."""
    code, _, note = header.partition("; ")
    if code not in {purpose.value for purpose in AccessPurpose} or len(note) > LONGEST_NOTE:
        return None
    return AccessPurpose(code)

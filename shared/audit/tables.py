"""Rights on the sealed journal: the worker keeps it, the feed reads what leaves, and of people only who watches over it.

That is the head and the data protection officer, without the chain and the sequence numbers, and not what they are kept from.
"""

from shared.audit.rules import READERS
from shared.protection import (
    EXCLUDED_AUTHORITIES,
    EXCLUDED_PERSONS,
    EXCLUDED_PLACES,
    EXCLUDED_VISITS,
    Grant,
    Policy,
    Protection,
    apart_from,
    has_role,
)

COLUMNS = (
    "id", "queued_at", "occurred_on", "actor", "audience", "person", "client", "operation", "action", "subject_id",
    "confidentiality", "payload",
)  # fmt: skip

#: As far as a row tells it by itself: an id of what the reader is kept from, as its subject or among its facts.
_CONCERNS = f"""subject_id = ANY({EXCLUDED_PLACES}) OR subject_id = ANY({EXCLUDED_AUTHORITIES})
  OR payload ->> 'place_id' = ANY({EXCLUDED_PLACES}) OR payload -> 'place_ids' ?| {EXCLUDED_PLACES}
  OR payload ->> 'authority_id' = ANY({EXCLUDED_AUTHORITIES}) OR payload -> 'authority_ids' ?| {EXCLUDED_AUTHORITIES}
  OR payload -> 'counterpart_ids' ?| {EXCLUDED_AUTHORITIES}
  OR subject_id = ANY({EXCLUDED_VISITS}) OR payload ->> 'visit_id' = ANY({EXCLUDED_VISITS})
  OR subject_id = ANY({EXCLUDED_PERSONS}) OR payload ->> 'person_id' = ANY({EXCLUDED_PERSONS})"""


def protections(*more: Policy) -> tuple[Protection, ...]:
    """Declare the rights on one service's journal; `more` takes away what only that service can tell."""
    watching = (
        Policy(condition="institution", using=f"(SELECT {has_role(*READERS)})", command="SELECT"),
        apart_from(_CONCERNS),
        *more,
    )
    return (
        Protection(
            table="journal",
            policies={
                "npm": watching,
                "service": Policy(condition="institution", using="leaves", command="SELECT"),
            },
            grants={
                "npm": Grant(select=COLUMNS),
                "service": Grant(select="*"),
                "worker": Grant(select="*", insert="*"),
            },
        ),
    )


PROTECTIONS = protections()

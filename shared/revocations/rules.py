"""Whom an entry of the list of revocations hits. Pure: no clock, no database; one rule for gateway and services.

An entry names a subject, a client, an organisation or a token. It kills what was issued up to an instant, or blocks
until it is lifted.
"""

from dataclasses import dataclass

from shared.caller import Caller
from shared.workflow import Vocabulary

#: Clocks of token issuers may differ from ours by so much, as where tokens are verified: what is issued within this
#: time after the instant counts as issued before it.
LEEWAY_SECONDS = 30

#: Who is never judged by the list. The public has no token. Services are how the list gets around: were they judged by
#: its freshness, a component that lost it could never read it again; who must end a service takes its key away.
NEVER_JUDGED = frozenset({"public", "service", "worker"})


class RevocationKind(Vocabulary):
    """By what access is ended."""

    SUBJECT = "subject", "One person or machine, by the subject of an issuer"
    CLIENT = "client", "Everything that comes through one client"
    ORGANISATION = "organisation", "Everybody of one authority, partner or institution"
    TOKEN = "token", "One token, by its id"


class RevocationEffect(Vocabulary):
    """How access is ended."""

    ISSUED_BEFORE = "issued_before", "Ends every token that was issued up to an instant; a new login works"
    BLOCKED = "blocked", "Refuses every token until it is lifted"


# an attribute of an enumeration is looked up by name, and these are needed thrice a request
_SUBJECT, _CLIENT, _ORGANISATION, _TOKEN = RevocationKind


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry as the components hold it."""

    id: str
    kind: RevocationKind
    value: str
    issuer: str = ""
    """Whose subject, client or token it is; empty means whoever issued it."""
    issued_before: int | None = None
    """The instant (seconds since the epoch, host clock); None blocks until lifted."""
    is_lifted: bool = False


def named(caller: Caller) -> list[tuple[RevocationKind, str]]:
    """Give by what a caller can be named in the list; what the caller does not have is left out.

    Everybody's token carries the institution, outsiders' too: by it only those are named who work in it.
    """
    inside = caller.institution_id if caller.audience_class in ("npm", "expert") else ""
    names = [
        (_SUBJECT, caller.subject),
        (_CLIENT, caller.client_id),
        (_TOKEN, caller.token_id),
        (_ORGANISATION, caller.authority_id),
        (_ORGANISATION, caller.partner_id),
        (_ORGANISATION, inside),
    ]
    return [name for name in names if name[1]]


def hits(entry: Entry, caller: Caller) -> bool:
    """Tell whether an entry refuses a caller, by who it is and when its token was issued."""
    if entry.is_lifted or caller.audience_class in NEVER_JUDGED:
        return False
    if (entry.kind, entry.value) not in named(caller) or entry.issuer not in ("", caller.issuer):
        return False
    # a token that does not say when it was issued counts as an old one
    return entry.issued_before is None or caller.issued_at <= entry.issued_before + LEEWAY_SECONDS

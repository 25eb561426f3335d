"""The rules of ending access: why, what may be said of whom, who may lift it. Pure.

Whom an entry hits, and when, stands in `shared.revocations.rules`: the services judge by it too.
"""

from collections.abc import Iterator
from uuid import UUID

from shared.caller import Caller
from shared.revocations.rules import Entry, RevocationEffect, RevocationKind, named
from shared.workflow import SYSTEM, Vocabulary, Workflow, step

#: Who holds `gateway:revocations.write`.
KEEPERS = frozenset({"head", "data_protection_officer", "sysadmin"})


class RevocationReason(Vocabulary):
    """Why access is ended. Codes only: what a person did or suffered has no place in this list."""

    STOLEN = "stolen", "A device or token was stolen or lost"
    SUSPECTED_MISUSE = "suspected_misuse", "Misuse is suspected"
    MANDATE_ENDED = "mandate_ended", "The mandate, contract or employment has ended"
    ROLE_CHANGED = "role_changed", "The person now holds fewer rights"
    KEY_EXPOSED = "key_exposed", "A key of a machine client is no longer secret"
    AGREEMENT_ENDED = "agreement_ended", "The agreement with the organisation has ended or is suspended"
    PRECAUTION = "precaution", "A precaution"


class LiftReason(Vocabulary):
    """Why access is given back."""

    MISTAKE = "mistake", "It was ended by mistake"
    CLEARED_UP = "cleared_up", "What led to it is cleared up"
    REPLACED = "replaced", "Another entry takes its place"


class RevocationStatus(Vocabulary):
    """Where an entry stands."""

    IN_FORCE = "in_force", "In force"
    LIFTED = "lifted", "Lifted"


class RevocationAction(Vocabulary):
    """What is done with an entry."""

    REVOKE = "revoke", "End access"
    LIFT = "lift", "Lift it"


REVOCATION = Workflow(
    name="access_revocation",
    initial=RevocationStatus.IN_FORCE,
    create={
        RevocationAction.REVOKE: step(
            RevocationStatus.IN_FORCE, by=KEEPERS | SYSTEM, event="gateway.access_revocation.made"
        )
    },
    transitions={
        (RevocationStatus.IN_FORCE, RevocationAction.LIFT): step(
            RevocationStatus.LIFTED, by=KEEPERS, event="gateway.access_revocation.lifted"
        )
    },
    final=frozenset({RevocationStatus.LIFTED}),
)


class RevocationFault(Vocabulary):
    """What is wrong with an entry that somebody wants to make, and at which member."""

    ISSUER_NEEDED = "issuer_needed", "a subject is one of an issuer: name it"
    ISSUER_UNUSED = "issuer_unused", "an organisation has no issuer"
    NOT_AN_ID = "not_an_id", "an organisation is named by its id"
    INSTANT_UNUSED = "instant_unused", "what is blocked is blocked whenever it was issued"
    INSTANT_AHEAD = "instant_ahead", "this has not come yet; block instead, and lift it later"


MEMBER = {
    RevocationFault.ISSUER_NEEDED: "/issuer",
    RevocationFault.ISSUER_UNUSED: "/issuer",
    RevocationFault.NOT_AN_ID: "/value",
    RevocationFault.INSTANT_UNUSED: "/issued_before",
    RevocationFault.INSTANT_AHEAD: "/issued_before",
}


def faults(
    kind: RevocationKind,
    value: str,
    issuer: str,
    effect: RevocationEffect,
    seconds_ago: float | None,
) -> Iterator[RevocationFault]:
    """Say what is wrong with an entry; `seconds_ago` is how long ago the instant named was, None where none is named."""
    if kind is RevocationKind.SUBJECT and not issuer:
        yield RevocationFault.ISSUER_NEEDED
    if kind is RevocationKind.ORGANISATION:
        if issuer:
            yield RevocationFault.ISSUER_UNUSED
        if not _is_id(value):
            yield RevocationFault.NOT_AN_ID
    if seconds_ago is not None:
        if effect is RevocationEffect.BLOCKED:
            yield RevocationFault.INSTANT_UNUSED
        elif seconds_ago < 0:
            yield RevocationFault.INSTANT_AHEAD


def _is_id(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


def shuts_out_everybody(entry: Entry, *, institution_id: str, client_id: str) -> bool:
    """Tell whether an entry would block those who could lift it: the institution itself, or the client they come through.

    Ending all their tokens up to an instant is open to them: they log in again.
    """
    if entry.issued_before is not None:
        return False
    return (entry.kind, entry.value) in {
        (RevocationKind.ORGANISATION, institution_id),
        (RevocationKind.CLIENT, client_id),
    }


def is_own(entry: Entry, caller: Caller) -> bool:
    """Tell whether an entry is about the caller, whatever the issuer: nobody lifts what was ended of oneself alone."""
    return entry.kind in (RevocationKind.SUBJECT, RevocationKind.TOKEN) and (entry.kind, entry.value) in named(caller)

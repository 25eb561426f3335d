"""What of a journal row is shown, and to whom. Pure.

A row is who, what and when; of what it carries beside that, only coded facts that are named here leave the service. The head
reads ids as they are; to the data protection officer what is about one complaint goes by pseudonyms (security.md §3.2).
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from shared.workflow import Vocabulary

#: Who reads the journal at all.
READERS = ("head", "data_protection_officer")
#: Who reads the ids of complaints as they are.
NAMED_TO = frozenset({"head"})
#: Where a row that is RES is about one complaint or somebody in it.
PSEUDONYMOUS_IN = frozenset({"complaints"})
RESTRICTED = "RES"
#: Facts that are ids of a complaint.
CASE_IDS = frozenset({"case_id"})

_DATABASES = ("visits", "recommendations", "complaints", "stakeholders", "gateway")
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOST_IN_A_LIST = 50


class JournalKind(Vocabulary):
    """What sort of row it is."""

    REFUSAL = "refusal", "A refused attempt, or a run of them"
    REVEAL = "reveal", "An identity asked for or shown"
    RESTRICTED_READ = "restricted_read", "A read of what is restricted"
    EXPORT = "export", "An export of a list"
    ACT = "act", "Any other act"


#: The actions of each kind that is watched; every other action is an act.
ACTIONS: Mapping[JournalKind, tuple[str, ...]] = {
    JournalKind.REFUSAL: ("access.denied", "access.run_of_refusals"),
    JournalKind.REVEAL: ("complaints.reveal.requested", "complaints.person_record.revealed"),
    JournalKind.RESTRICTED_READ: ("complaints.narrative.read", "gateway.journal.read"),
    JournalKind.EXPORT: tuple(f"{name}.list.exported" for name in _DATABASES),
}
_KINDS = {action: kind for kind, actions in ACTIONS.items() for action in actions}

#: The facts of an action that are shown; a name that ends in a point stands for all actions that begin so.
FACTS: Mapping[str, frozenset[str]] = {
    "access.denied": frozenset({"status"}),
    "access.run_of_refusals": frozenset({"refusals", "seconds"}),
    "complaints.complaint.assigned": frozenset({"person_ids"}),
    "complaints.consent.": frozenset({"case_id"}),
    "complaints.narrative.read": frozenset({"purpose"}),
    "complaints.person_record.revealed": frozenset({"case_id", "purpose"}),
    "complaints.reveal.requested": frozenset({"purpose"}),
    "gateway.access_revocation.": frozenset({"kind", "effect", "reason"}),
    "gateway.client.": frozenset({"audience_class", "state"}),
    "gateway.client_key.": frozenset({"audience_class", "state"}),
    "gateway.journal.read": frozenset({"filters"}),
    "gateway.token.": frozenset({"token_id", "error"}),
    "operations.operation.": frozenset({"kind", "state"}),
    "stakeholders.account.": frozenset({"audience_class", "state", "roles", "proposed_roles", "reason"}),
    **{f"{name}.list.exported": frozenset({"format", "filters"}) for name in _DATABASES},
}


def kind_of(action: str) -> JournalKind:
    """Tell what sort of row an action leaves."""
    return _KINDS.get(action, JournalKind.ACT)


def reads_names(roles: Collection[str], service: str, confidentiality: str) -> bool:
    """Tell whether somebody reads the ids of a row as they are."""
    is_about_a_complaint = service in PSEUDONYMOUS_IN and confidentiality == RESTRICTED
    return bool(NAMED_TO.intersection(roles)) or not is_about_a_complaint


def names_a_hash(subject_id: str, action: str) -> bool:
    """Tell whether the row itself holds a hash: refused attempts and requests for a reveal name no id."""
    return action in ("access.denied", "complaints.reveal.requested") and not _UUID.fullmatch(subject_id)


def facts_shown(action: str, told: Mapping[str, Any], pseudonym: Callable[[str], str] | None) -> dict[str, Any]:
    """Give the coded facts of a row that are shown; `pseudonym` writes the ids of complaints, where they are not shown.

    What is no code, number or short list of codes is left out whatever it is called: a sentence never passes.
    """
    shown = {name: told[name] for name in sorted(_named(action)) if name in told and _is_coded(told[name])}
    if pseudonym is None:
        return shown
    return {name: pseudonym(value) if name in CASE_IDS else value for name, value in shown.items()}


def _named(action: str) -> frozenset[str]:
    family = action.rpartition(".")[0] + "."
    return FACTS.get(action, FACTS.get(family, frozenset()))


def _is_coded(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= _MOST_IN_A_LIST and all(isinstance(each, str) and _is_coded(each) for each in value)
    if isinstance(value, str):
        return _CODE.fullmatch(value) is not None
    return isinstance(value, int)

"""Effective rights: what a verified login may do, once its account and the decision matrix have had their say.

Pure: no database, no HTTP, no clock. Where the provider's mapping and the account differ, the narrower counts; what is
missing grants nothing.
"""

from dataclasses import dataclass
from uuid import UUID, uuid5

from gateway import without_access
from gateway.identities import Identity
from gateway.without_access import Reason
from shared.roles import AccessVocabulary

#: Bound to a memorandum by the registry of clients, so no provider gives it.
_MACHINES = frozenset({"partner_system"})
#: For logins without an account: the same login is the same person in every rule of two persons.
_PERSONS = UUID("0f5d2a0a-6c55-4d52-9a0e-5f2b6f6c9d11")


@dataclass(frozen=True, kw_only=True)
class AccountGiven:
    """What stakeholders says of the account behind a login, at this moment."""

    is_in_force: bool
    audience_class: str
    roles: frozenset[str]
    person_id: str
    expert_id: str = ""
    authority_id: str = ""
    department_id: str = ""
    partner_id: str = ""
    decision_scopes: frozenset[str] = frozenset()
    """The decision scopes that rows of the decision matrix name the person for."""


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What a login may do, and on whose behalf."""

    roles: frozenset[str]
    scopes: frozenset[str]
    person_id: str
    expert_id: str = ""
    authority_id: str = ""
    department_id: str = ""
    partner_id: str = ""


def rights_of(
    identity: Identity, account: AccountGiven | None, *, words: AccessVocabulary, institution_id: str
) -> Rights | None:
    """Give the effective rights of a login, or None where there is no access (access page, sections 1 to 3)."""
    roles = roles_that_count(identity, account, words)
    bound = _bound(identity, account, institution_id)
    if not roles or bound is None:
        return None
    scopes = words.scopes_of(
        roles, audience_class=identity.audience_class, decides=decisions_that_count(roles, account, words)
    )
    person_id = account.person_id if account else str(uuid5(_PERSONS, f"{identity.issuer}\n{identity.subject}"))
    return Rights(roles=roles, scopes=scopes, person_id=person_id, **bound)


def reason_of(identity: Identity, account: AccountGiven | None, words: AccessVocabulary) -> Reason:
    """Give the reason why a login has no access to which `rights_of` gave none."""
    return without_access.reason_of(identity, account, identity.roles - _MACHINES, words)


def roles_that_count(identity: Identity, account: AccountGiven | None, words: AccessVocabulary) -> frozenset[str]:
    """Give the roles that both the provider's mapping and the account give; empty means no access.

    Without an account the mapping alone counts, but for roles that two persons give (T14), and never for experts, who
    come by invitation.
    """
    mapped = identity.roles - _MACHINES
    if not _go_together(mapped, identity.audience_class, words):
        return frozenset()
    if account is None:
        counted = mapped - words.second_person if identity.audience_class != "expert" else frozenset()
    elif account.is_in_force and account.audience_class == identity.audience_class:
        counted = mapped & account.roles
    else:
        counted = frozenset()
    return counted if _go_together(counted, identity.audience_class, words) else frozenset()


def decisions_that_count(
    roles: frozenset[str], account: AccountGiven | None, words: AccessVocabulary
) -> frozenset[str]:
    """Give the decision scopes that the matrix names the person for; only a head or a member decides (R-G09, R-G15)."""
    if account is None or not roles & words.deciding or roles & words.alone:
        return frozenset()
    return account.decision_scopes & words.decisions


def _go_together(roles: frozenset[str], audience_class: str, words: AccessVocabulary) -> bool:
    of_class = words.classes.get(audience_class, frozenset()) - {"public"}
    return bool(roles) and roles <= of_class and not (len(roles) > 1 and roles & words.alone)


def _bound(identity: Identity, account: AccountGiven | None, institution_id: str) -> dict[str, str] | None:
    """Give what binds the caller's class; None where it is missing, or where mapping and account name two different."""
    match identity.audience_class:
        case "npm":
            return {} if identity.organisation_id == institution_id else None
        case "expert":
            return {"expert_id": account.expert_id} if account and account.expert_id else None
        case "authority":
            authority = _agreed(identity.organisation_id, account.authority_id if account else "")
            department = _agreed(identity.department_id, account.department_id if account else "")
            return (
                {"authority_id": authority, "department_id": department or ""}
                if authority and department is not None
                else None
            )
        case "partner":
            partner = _agreed(identity.organisation_id, account.partner_id if account else "")
            return {"partner_id": partner} if partner else None
        case _:
            return None


def _agreed(mapped: str, held: str) -> str | None:
    """Give what either side names; None where both name something and it is not the same."""
    return None if mapped and held and mapped != held else mapped or held

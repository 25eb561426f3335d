"""Why somebody who proved who they are has no access: a closed list of reasons, told to that login alone.

Pure: no database, no HTTP, no clock. A sentence speaks of the login that asks and its own account, and of nobody else.
"""

from typing import TYPE_CHECKING

from shared.caller import Caller
from shared.errors import AppError, Forbidden
from shared.roles import AccessVocabulary
from shared.workflow import Vocabulary

if TYPE_CHECKING:
    from gateway.effective import AccountGiven
    from gateway.identities import Identity


class Reason(Vocabulary):
    """Why a verified login has no access (access page, section 6)."""

    NO_CLASS = "no_class", "your identity provider does not say for which audience you work"
    TWO_CLASSES = "two_classes", "your identity provider gives you roles of two audiences: one of them must end first"
    NO_ROLE = "no_role", "your identity provider gives you no role of this system that a person can hold"
    ROLE_STANDS_ALONE = (
        "role_stands_alone",
        "your identity provider gives you a role together with another that it excludes",
    )
    NO_ORGANISATION = "no_organisation", "neither your identity provider nor an account here says for whom you act"
    SEVERAL_ORGANISATIONS = (
        "several_organisations",
        "your identity provider and your account do not name one and the same organisation",
    )
    OTHER_INSTITUTION = (
        "other_institution",
        "your identity provider names another institution than the one of this system",
    )
    ACCOUNT_NEEDED = "account_needed", "your roles need an account here, which those who run the system make"
    ACCOUNT_NOT_IN_FORCE = (
        "account_not_in_force",
        "your account here waits for approval, or has ended, or your mandate has",
    )
    ACCOUNT_OF_ANOTHER_CLASS = "account_of_another_class", "your account here is one of another audience"
    NO_ROLE_IN_COMMON = "no_role_in_common", "your identity provider and your account here give you no role in common"
    NO_EXPERT_RECORD = "no_expert_record", "your account here is bound to no expert's record"


#: Where a login without access hears why: what it would be told of itself with access.
ABOUT_ONESELF = frozenset({"get_me", "show_rights"})


class NoAccess(Forbidden):
    """A login without access: the one 403 wherever it asks, unless whoever catches this tells it why."""

    def __init__(self, login: Caller, reason: Reason) -> None:
        """Hold who asked, without any right, and the reason."""
        super().__init__()
        self.login = login
        self.reason = reason

    def told(self) -> AppError:
        """Give the refusal that says why; for the very login alone."""
        return WithoutAccess(self.reason.label, code=self.reason.value)


class WithoutAccess(AppError):
    """The login is known and nothing is open to it; the code says why."""

    status, code = 403, "no_access"


def reason_of(
    identity: "Identity", account: "AccountGiven | None", mapped: frozenset[str], words: AccessVocabulary
) -> Reason:
    """Give the reason why a login has no access that `rights_of` gave none; `mapped` are its roles without a machine's.

    What the provider's mapping lacks is told first, as nothing else can be judged without it.
    """
    if identity.mapping_fault is not None:
        return identity.mapping_fault
    if identity.audience_class not in words.classes or not mapped:
        return Reason.NO_ROLE
    if not mapped <= words.classes[identity.audience_class] - {"public"}:
        return Reason.TWO_CLASSES
    if len(mapped) > 1 and mapped & words.alone:
        return Reason.ROLE_STANDS_ALONE
    return _of_account(identity, account, mapped, words) or _of_binding(identity, account)


def _of_account(
    identity: "Identity", account: "AccountGiven | None", mapped: frozenset[str], words: AccessVocabulary
) -> Reason | None:
    if account is None:
        needs_one = identity.audience_class == "expert" or mapped <= words.second_person
        return Reason.ACCOUNT_NEEDED if needs_one else None
    if not account.is_in_force:
        return Reason.ACCOUNT_NOT_IN_FORCE
    if account.audience_class != identity.audience_class:
        return Reason.ACCOUNT_OF_ANOTHER_CLASS
    return None if mapped & account.roles else Reason.NO_ROLE_IN_COMMON


def _of_binding(identity: "Identity", account: "AccountGiven | None") -> Reason:
    match identity.audience_class:
        case "npm":
            return Reason.OTHER_INSTITUTION if identity.organisation_id else Reason.NO_ORGANISATION
        case "expert":
            return Reason.NO_EXPERT_RECORD
        case _:
            held = (account.authority_id or account.partner_id) if account else ""
            named = identity.organisation_id or held
            return Reason.SEVERAL_ORGANISATIONS if named else Reason.NO_ORGANISATION

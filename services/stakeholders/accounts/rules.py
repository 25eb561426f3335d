"""The rules of accounts: which roles go together, what needs a second person, and who may never act on which account.

Pure: no database, no HTTP, no clock. Persons are compared, never accounts: two accounts of one person are one person.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.stakeholders.persons.rules import InstitutionPersonKind
from shared.workflow import SYSTEM, Vocabulary, Workflow, step


class AccountClass(Vocabulary):
    """Which door an account opens."""

    NPM = "npm", "The NPM"
    EXPERT = "expert", "External experts"
    AUTHORITY = "authority", "Authorities"
    PARTNER = "partner", "Partner bodies"


class AccountRole(Vocabulary):
    """A role that a person holds; systems of partners are clients and have no account."""

    HEAD = "head", "Head of the NPM"
    MEMBER = "member", "Member of the NPM"
    STAFF = "staff", "Employee of the NPM"
    SECONDEE = "secondee", "Seconded official"
    COMPLAINTS_OFFICER = "complaints_officer", "Complaints officer"
    VAULT_KEEPER = "vault_keeper", "Keeper of identities"
    DATA_PROTECTION_OFFICER = "data_protection_officer", "Data protection officer"
    SYSADMIN = "sysadmin", "System administrator"
    EXPERT = "expert", "External expert"
    AUTHORITY_OFFICIAL = "authority_official", "Official of an authority"
    AUTHORITY_FOCAL_POINT = "authority_focal_point", "Focal point of an authority"
    AUTHORITY_VALIDATOR = "authority_validator", "Official who submits answers"
    NHRI_COMPLAINTS = "nhri_complaints", "Complaints department of the parent institution"
    CSO_PARTNER = "cso_partner", "Civil-society partner"


#: The roles of each class; an account has roles of one.
ROLES_OF: Mapping[AccountClass, frozenset[AccountRole]] = {
    AccountClass.NPM: frozenset(
        {
            AccountRole.HEAD,
            AccountRole.MEMBER,
            AccountRole.STAFF,
            AccountRole.SECONDEE,
            AccountRole.COMPLAINTS_OFFICER,
            AccountRole.VAULT_KEEPER,
            AccountRole.DATA_PROTECTION_OFFICER,
            AccountRole.SYSADMIN,
        }
    ),
    AccountClass.EXPERT: frozenset({AccountRole.EXPERT}),
    AccountClass.AUTHORITY: frozenset(
        {AccountRole.AUTHORITY_OFFICIAL, AccountRole.AUTHORITY_FOCAL_POINT, AccountRole.AUTHORITY_VALIDATOR}
    ),
    AccountClass.PARTNER: frozenset({AccountRole.NHRI_COMPLAINTS, AccountRole.CSO_PARTNER}),
}
#: Who holds one of these holds nothing else (access page, section 1).
ALONE = frozenset({AccountRole.SYSADMIN, AccountRole.DATA_PROTECTION_OFFICER, AccountRole.SECONDEE})
#: Roles on complaints, on the vault and for decisions, and those that watch and run: a second person approves (T14).
SECOND_PERSON = frozenset(
    {
        AccountRole.HEAD,
        AccountRole.MEMBER,
        AccountRole.COMPLAINTS_OFFICER,
        AccountRole.VAULT_KEEPER,
        AccountRole.DATA_PROTECTION_OFFICER,
        AccountRole.SYSADMIN,
    }
)
#: Roles of whoever is, or leads, a member; nobody else is given them (R-S86).
OF_MEMBERS = frozenset({AccountRole.HEAD, AccountRole.MEMBER})


class AccountStatus(Vocabulary):
    """The states of an account."""

    INVITED = "invited", "Waits for a second person"
    ACTIVE = "active", "Active"
    ENDED = "ended", "Ended"


class AccountAction(Vocabulary):
    """What is done with an account."""

    INVITE = "invite", "Invite"
    PROPOSE_ROLES = "propose_roles", "Propose roles"
    TAKE_EFFECT = "take_effect", "Take effect"
    APPROVE = "approve", "Approve"
    REFUSE = "refuse", "Refuse"
    END = "end", "End"


class AccountEnd(Vocabulary):
    """Why an account ended."""

    MANDATE_ENDED = "mandate_ended", "The mandate ended"
    CONTRACT_ENDED = "contract_ended", "The contract ended"
    LEFT = "left", "The person left"
    REPLACED = "replaced", "Replaced by another account"
    SECURITY = "security", "For security"


_SYSADMIN, _HEAD = frozenset({"sysadmin"}), frozenset({"head"})
_LIVE = (AccountStatus.INVITED, AccountStatus.ACTIVE)

ACCOUNT = Workflow(
    name="account",
    initial=AccountStatus.INVITED,
    create={AccountAction.INVITE: step(AccountStatus.INVITED, by=_SYSADMIN, event="stakeholders.account.invited")},
    transitions={
        **{
            (state, AccountAction.PROPOSE_ROLES): step(state, by=_SYSADMIN, event="stakeholders.account.roles_proposed")
            for state in _LIVE
        },
        **{
            (state, AccountAction.TAKE_EFFECT): step(
                AccountStatus.ACTIVE, by=SYSTEM, event="stakeholders.account.roles_changed"
            )
            for state in _LIVE
        },
        **{
            (state, AccountAction.APPROVE): step(
                AccountStatus.ACTIVE, by=_HEAD, event="stakeholders.account.roles_approved"
            )
            for state in _LIVE
        },
        **{
            (state, AccountAction.REFUSE): step(state, by=_HEAD, event="stakeholders.account.roles_refused")
            for state in _LIVE
        },
        **{
            (state, AccountAction.END): step(
                AccountStatus.ENDED, by=_SYSADMIN | SYSTEM, event="stakeholders.account.ended"
            )
            for state in _LIVE
        },
    },
    final=frozenset({AccountStatus.ENDED}),
)


class AccountGap(Vocabulary):
    """What stands against an account, or against an act on it."""

    NO_ROLE = "no_role", "an account has a role"
    ANOTHER_CLASS = "another_class", "roles of two classes never go together"
    COMBINES_WITH_NOTHING = "combines_with_nothing", "one of these roles combines with nothing"
    NOT_A_MEMBER = "not_a_member", "only a member of the NPM is given this role"
    SECONDED = "seconded", "a seconded official has the role of one, and nobody else has it"
    NOT_OF_THE_NPM = "not_of_the_npm", "nobody of the NPM has this id"
    OF_THE_NPM = "of_the_npm", "somebody of the NPM, or an expert, has this id"
    NO_EXPERT = "no_expert", "no expert has this id"
    OWN_ACCOUNT = "own_account", "nobody acts on an account of their own"
    OWN_PROPOSAL = "own_proposal", "somebody else than the proposer approves"
    NOTHING_PROPOSED = "nothing_proposed", "there is no proposal to decide on"


def role_gaps(audience_class: AccountClass, roles: Collection[AccountRole]) -> tuple[AccountGap, ...]:
    """One class, at least one role, and what combines with nothing stands alone (access page, section 1)."""
    held = frozenset(roles)
    if not held:
        return (AccountGap.NO_ROLE,)
    if not held <= ROLES_OF[audience_class]:
        return (AccountGap.ANOTHER_CLASS,)
    if len(held) > 1 and held & ALONE:
        return (AccountGap.COMBINES_WITH_NOTHING,)
    return ()


def person_gaps(
    audience_class: AccountClass, roles: Collection[AccountRole], kind: InstitutionPersonKind | None
) -> tuple[AccountGap, ...]:
    """What a person is bounds what the account may hold; `kind` is None for somebody who is not on the NPM's books.

    A seconded official is never given another role, whatever is proposed (R-S86, R-G09).
    """
    if audience_class in (AccountClass.AUTHORITY, AccountClass.PARTNER):
        return (AccountGap.OF_THE_NPM,) if kind is not None else ()
    if audience_class is AccountClass.EXPERT:
        return () if kind is InstitutionPersonKind.EXPERT else (AccountGap.NO_EXPERT,)
    if kind is None or kind is InstitutionPersonKind.EXPERT:
        return (AccountGap.NOT_OF_THE_NPM,)
    if (kind is InstitutionPersonKind.SECONDEE) is not (AccountRole.SECONDEE in roles):
        return (AccountGap.SECONDED,)
    if OF_MEMBERS & frozenset(roles) and kind is not InstitutionPersonKind.MEMBER:
        return (AccountGap.NOT_A_MEMBER,)
    return ()


@dataclass(frozen=True, kw_only=True)
class OtherAccount:
    """Another account of the same person that has not ended: its class, and its roles with those proposed."""

    audience_class: AccountClass
    roles: frozenset[AccountRole]


def together_gaps(
    audience_class: AccountClass, roles: Collection[AccountRole], others: Iterable[OtherAccount]
) -> tuple[AccountGap, ...]:
    """All accounts of a person together follow the rules of one: rights are never the union of two classes."""
    held = frozenset(roles)
    for other in others:
        if other.audience_class is not audience_class:
            return (AccountGap.ANOTHER_CLASS,)
        held |= other.roles
    return role_gaps(audience_class, held)


def needs_second_person(present: Collection[AccountRole], proposed: Collection[AccountRole]) -> bool:
    """Whether a proposal adds a role that two persons give; taking roles away needs nobody."""
    return bool((frozenset(proposed) - frozenset(present)) & SECOND_PERSON)


def acting_gaps(*, by: str, concerned: str) -> tuple[AccountGap, ...]:
    """Nobody proposes for, or ends, an account of their own (T14)."""
    return (AccountGap.OWN_ACCOUNT,) if by == concerned else ()


def approval_gaps(*, by: str, proposed_by: str | None, concerned: str) -> tuple[AccountGap, ...]:
    """Whoever decides on a proposal is another person than the proposer and than the account's own (T13)."""
    if proposed_by is None:
        return (AccountGap.NOTHING_PROPOSED,)
    if by == concerned:
        return (AccountGap.OWN_ACCOUNT,)
    return (AccountGap.OWN_PROPOSAL,) if by == proposed_by else ()


def is_in_force(status: AccountStatus, *, from_on: date, to_on: date | None, today: date) -> bool:
    """Whether an account gives rights on a day: active, begun, and until its last day."""
    return status is AccountStatus.ACTIVE and from_on <= today and (to_on is None or today <= to_on)


@dataclass(frozen=True, kw_only=True)
class Term:
    """A mandate or a secondment: its first and last day, None where it is open."""

    from_on: date | None = None
    to_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether a day lies within it, the last one included."""
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)


def is_in_office(terms: Iterable[Term], today: date) -> bool:
    """Whether somebody's time at the NPM runs: one mandate or secondment does, or none is on record (R-G17)."""
    on_record = list(terms)
    return not on_record or any(term.covers(today) for term in on_record)

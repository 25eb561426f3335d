"""What people do with accounts: invite, propose roles, approve as the second person, end. No HTTP, no SQL.

Events carry ids and codes, never a name; a login only where an account ends.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.stakeholders import acting, parts
from services.stakeholders.accounts import queries, rules
from services.stakeholders.accounts.rules import (
    ACCOUNT,
    AccountAction,
    AccountClass,
    AccountEnd,
    AccountGap,
    AccountRole,
    AccountStatus,
    OtherAccount,
    Term,
)
from services.stakeholders.accounts.schemas import (
    AccountAnswer,
    AccountInvitation,
    AccountProposalTransition,
    AccountQuestion,
    AccountTransition,
    Login,
)
from services.stakeholders.accounts.tables import Account
from services.stakeholders.decision_matrix import queries as matrix
from services.stakeholders.decision_matrix.rules import scopes_named
from services.stakeholders.persons.rules import InstitutionPersonKind
from services.stakeholders.persons.tables import Person
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch
from shared.workflow import Step

#: What binds an account of each class, and what the directory must know it as.
_BOUND = {
    AccountClass.NPM: "person_id",
    AccountClass.EXPERT: "expert_id",
    AccountClass.AUTHORITY: "authority_id",
    AccountClass.PARTNER: "partner_id",
}
_BINDING = frozenset({"person_id", "expert_id", "authority_id", "department_id", "partner_id"})
#: What an account of a class may name besides.
_TAKEN = {
    AccountClass.AUTHORITY: frozenset({"person_id", "department_id"}),
    AccountClass.PARTNER: frozenset({"person_id"}),
}
#: Stands for the proposer of the first accounts: whoever holds the server, and is nobody in here.
_FOUNDING = "founding"
_NO_PARTNER = (None, "authority", "department")


async def invite_account(work: Work, new: AccountInvitation) -> UUID:
    """Let a login in: at once, or when a second person has approved the roles."""
    acting.require_creation(work, ACCOUNT, AccountAction.INVITE)
    await queries.lock(work)
    person_id = await _bound(work, new)
    _refuse(rules.acting_gaps(by=acting.person_of(work), concerned=str(person_id)))
    if await queries.is_linked(work, new.issuer, new.subject):
        raise Conflict("this login has an account already", code="login_linked")
    from_on = new.from_on or await work.today()
    if new.to_on is not None and new.to_on < from_on:
        invalid("/to_on", "ends_before_it_begins", "it ends before it begins")
    step = ACCOUNT.create[AccountAction.INVITE]
    account = Account(
        **await stamps(work),
        **new.model_dump(exclude={"roles", "person_id", "from_on", "audience_class"}),
        audience_class=new.audience_class.value,
        person_id=person_id,
        from_on=from_on,
        status=step.to.value,
        last_proposed_by=acting.person_of(work),
    )
    _refuse_roles(await _role_gaps(work, account, set(new.roles)))
    _record(work, account, step)
    _propose(work, account, set(new.roles))
    work.session.add(account)
    return account.id


async def found_account(work: Work, login: Login, person_id: UUID, role: AccountRole) -> None:
    """Give one of the first accounts; later ones come through the API, with a second person where one is needed."""
    account = Account(
        **await stamps(work),
        **login.model_dump(),
        audience_class=AccountClass.NPM.value,
        roles=[role.value],
        person_id=person_id,
        from_on=await work.today(),
        status=AccountStatus.ACTIVE.value,
        last_proposed_by=_FOUNDING,
    )
    work.session.add(account)
    told = {"audience_class": account.audience_class, "state": account.status, "roles": list(account.roles)}
    work.record(Event("stakeholders.account.founded", account.id, told, leaves=False))


async def refuse_second_founding(work: Work) -> None:
    """Raise Conflict where there is, or ever was, an account."""
    await queries.lock(work)
    if await queries.are_any(work):
        raise Conflict("there are accounts already; they are kept through the API", code="founded")


async def _bound(work: Work, new: AccountInvitation) -> UUID:
    """Check what binds the account to its class; gives the human behind it."""
    needed = _BOUND[new.audience_class]
    if getattr(new, needed) is None:
        invalid(f"/{needed}", "missing", "an account of this class is bound by it")
    for name in _BINDING - _TAKEN.get(new.audience_class, frozenset()) - {needed}:
        if getattr(new, name) is not None:
            invalid(f"/{name}", "another_class", "this binds an account of another class")
    if new.authority_id is not None:
        if await queries.kind_of(work, new.authority_id) != "authority":
            invalid("/authority_id", "unknown", "no authority of the directory has this id")
        if new.department_id and not await queries.is_department(work, new.department_id, new.authority_id):
            invalid("/department_id", "unknown", "the authority has no such department")
    if new.partner_id is not None and await queries.kind_of(work, new.partner_id) in _NO_PARTNER:
        invalid("/partner_id", "unknown", "no partner of the directory has this id")
    return new.expert_id or new.person_id or uuid4()


async def _role_gaps(work: Work, account: Account, roles: set[AccountRole]) -> tuple[AccountGap, ...]:
    """Name what stands against roles: among themselves, for this person, and with the person's other accounts."""
    audience_class = AccountClass(account.audience_class)
    kind = await queries.kind_of_person(work, account.person_id)
    others = [each for each in await queries.living(work, account.person_id) if each.id != account.id]
    return (
        rules.role_gaps(audience_class, roles)
        or rules.person_gaps(audience_class, roles, InstitutionPersonKind(kind) if kind else None)
        or rules.together_gaps(
            audience_class,
            roles,
            [
                OtherAccount(
                    audience_class=AccountClass(each.audience_class),
                    roles=frozenset(map(AccountRole, [*each.roles, *(each.proposed_roles or ())])),
                )
                for each in others
            ],
        )
    )


async def transition_account(work: Work, account_id: UUID, if_match: str, order: AccountTransition) -> UUID:
    """Propose roles, or end an account; never one's own."""
    acting.require(work, ACCOUNT, order.action)
    account = await queries.taken(work, account_id)
    expect(if_match, await queries.in_full(work, account_id))
    step = ACCOUNT.step(AccountStatus(account.status), order.action)
    _refuse(rules.acting_gaps(by=acting.person_of(work), concerned=str(account.person_id)))
    if order.action is AccountAction.END:
        if order.reason is None:
            invalid("/reason", "missing", "say why it ends")
        await _end(work, account, order.reason)
        return account.id
    roles = set(order.roles or ())
    _refuse_roles(await _role_gaps(work, account, roles))
    _record(work, account, step)
    _propose(work, account, roles)
    await touch(work, account)
    return account.id


def _propose(work: Work, account: Account, roles: set[AccountRole]) -> None:
    """Let roles wait for a second person where they need one, and count at once where not."""
    present = {AccountRole(role) for role in account.roles}
    account.last_proposed_by = acting.person_of(work)
    account.decided_by, account.decided_on = None, None
    if rules.needs_second_person(present, roles):
        account.proposed_roles, account.proposed_by = sorted(roles), acting.person_of(work)
        return
    _take_effect(work, account, sorted(roles), AccountAction.TAKE_EFFECT)


def _take_effect(work: Work, account: Account, roles: list[str], action: AccountAction) -> None:
    step = ACCOUNT.step(AccountStatus(account.status), action)
    account.roles, account.proposed_roles, account.proposed_by = roles, None, None
    account.status = step.to.value
    _record(work, account, step)


async def transition_account_proposal(
    work: Work, account_id: UUID, if_match: str, order: AccountProposalTransition
) -> UUID:
    """Approve or refuse what was proposed, as the second person; the tag binds the decision to these very roles."""
    acting.require(work, ACCOUNT, order.action)
    account = await queries.taken(work, account_id)
    expect(if_match, await queries.proposal(work, account_id))
    step = ACCOUNT.step(AccountStatus(account.status), order.action)
    by = acting.person_of(work)
    _refuse(rules.approval_gaps(by=by, proposed_by=account.proposed_by, concerned=str(account.person_id)))
    account.decided_by, account.decided_on = by, await work.today()
    if order.action is AccountAction.APPROVE:
        roles = account.proposed_roles or []
        _refuse(await _role_gaps(work, account, set(map(AccountRole, roles))))
        _take_effect(work, account, roles, order.action)
    else:
        account.proposed_roles, account.proposed_by = None, None
        _record(work, account, step)
    await touch(work, account)
    return account.id


async def _end(work: Work, account: Account, reason: AccountEnd) -> None:
    step = ACCOUNT.step(AccountStatus(account.status), AccountAction.END)
    account.status, account.end_reason, account.ended_on = step.to.value, reason.value, await work.today()
    account.proposed_roles, account.proposed_by = None, None
    await touch(work, account)
    # the one event with the login, for the gateway: what was issued to it ends too, downloads and orders included
    told = {"issuer": account.issuer, "subject": account.subject, "reason": reason.value}
    work.record(Event(step.event, account.id, told))


async def end_with_office(work: Work, person: Person) -> None:
    """End every account of somebody whose time at the NPM does not run any more, in the same transaction (R-G17)."""
    if rules.is_in_office(terms_of(person.mandates, person.secondment), await work.today()):
        return
    await queries.lock(work)
    for account in await queries.living(work, person.id):
        if account.status == AccountStatus.ACTIVE.value:
            await _end(work, account, AccountEnd.MANDATE_ENDED)


def terms_of(mandates: list[dict[str, Any]], secondment: dict[str, Any] | None) -> list[Term]:
    """Read the terms of office out of a person's entry."""
    terms = [Term(from_on=_day(each["start_on"]), to_on=_day(each["end_on"])) for each in mandates]
    return terms + ([Term(from_on=_day(secondment["from_on"]), to_on=_day(secondment["to_on"]))] if secondment else [])


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


async def account_behind(work: Work, question: AccountQuestion) -> AccountAnswer:
    """Say what the account behind a login gives today; the gateway asks it and grants nothing without an answer."""
    found = await queries.behind(work, question.issuer, question.subject)
    if found is None:
        return AccountAnswer(account=None)
    today = await work.today()
    terms = terms_of(parts.read(found.pop("mandates") or []), parts.read_object(found.pop("secondment")))
    account_runs = rules.is_in_force(
        AccountStatus(found.pop("status")), from_on=found.pop("from_on"), to_on=found.pop("to_on"), today=today
    )
    named = scopes_named(str(found["person_id"]), found["roles"], await matrix.entries(work))
    told = {
        **found,
        "is_in_force": account_runs and rules.is_in_office(terms, today),
        "decision_scopes": sorted(named) if found.pop("kind") == InstitutionPersonKind.MEMBER else [],
    }
    return AccountAnswer.model_validate({"account": told})


def _record(work: Work, account: Account, step: Step) -> None:
    told = {"audience_class": account.audience_class, "state": step.to.value, "roles": list(account.roles)}
    if account.proposed_roles is not None:
        told["proposed_roles"] = list(account.proposed_roles)
    work.record(Event(step.event, account.id, told, leaves=False))


def _refuse(gaps: Iterable[AccountGap]) -> None:
    found = list(gaps)
    if found:
        errors = [FieldError("", gap.value, gap.label) for gap in found]
        raise Conflict("; ".join(gap.label for gap in found), errors=errors)


def _refuse_roles(gaps: Iterable[AccountGap]) -> None:
    for gap in gaps:
        invalid("/roles", gap.value, gap.label)

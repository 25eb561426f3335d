"""Every read of accounts, and the lock under which they change."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.stakeholders import acting
from services.stakeholders.accounts.rules import ACCOUNT
from services.stakeholders.accounts.schemas import AccountFilters, AccountProposalFilters
from services.stakeholders.accounts.tables import Account
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_ALLOWED = "coalesce(:allowed::jsonb -> a.status, '[]') AS allowed_actions"
_SHOWN = f"""a.id, a.issuer, a.subject, a.audience_class, a.roles, a.person_id, a.expert_id, a.authority_id, a.department_id,
  a.partner_id, a.status, a.from_on, a.to_on, a.proposed_roles, a.proposed_by, a.decided_by, a.decided_on, a.ended_on,
  a.end_reason, {_ALLOWED}"""
_PROPOSED = f"""a.id, a.audience_class, a.person_id, coalesce((SELECT p.name FROM person p WHERE p.id = a.person_id), '') AS person_name,
  a.status, a.roles, a.proposed_roles, a.proposed_by, a.from_on, a.to_on, {_ALLOWED}"""
_SORTS = {"created_at": Sort("a.created_at", "timestamptz")}

ACCOUNTS = Listing(
    columns=_SHOWN,
    source="account a",
    identity="a.id",
    sorts=_SORTS,
    default_sort="-created_at",
    filters={
        "audience_class": "a.audience_class = ANY(:audience_class::text[])",
        "status": "a.status = ANY(:status::text[])",
        "person_id": "a.person_id = :person_id::uuid",
    },
)
PROPOSALS = Listing(
    columns=_PROPOSED,
    source="account a",
    where="a.proposed_roles IS NOT NULL",
    identity="a.id",
    sorts=_SORTS,
    default_sort="created_at",
)
ACCOUNT_SHOWN = f"SELECT {_SHOWN} FROM account a WHERE a.id = :account_id"
PROPOSAL = f"SELECT {_PROPOSED} FROM account a WHERE a.id = :account_id"
# accounts are few and change seldom; one after the other, so that all accounts of a person are judged together
LOCK = "SELECT pg_advisory_xact_lock(4202205)"
# of several accounts of one login at most one lives; the newest ended one tells that the login has ended
BEHIND = """
SELECT a.status, a.audience_class, a.roles, a.person_id, a.expert_id, a.authority_id, a.department_id, a.partner_id, a.from_on,
  a.to_on, p.kind, p.mandates, p.secondment
FROM account a LEFT JOIN person p ON p.id = a.person_id WHERE a.issuer = :issuer AND a.subject = :subject
ORDER BY (a.status = 'ended'), a.created_at DESC LIMIT 1
"""
# who invites sees neither directory nor persons, and may know what an id stands for
IS_DEPARTMENT = "SELECT is_department_of(:department_id::uuid, :authority_id::uuid) AS found"
KIND = "SELECT institution_kind(:id::uuid) AS kind"
# who approves sees persons
PERSON_KIND = "SELECT coalesce((SELECT p.kind FROM person p WHERE p.id = :id::uuid), person_kind(:id::uuid)) AS kind"


async def matching(work: Work, filters: AccountFilters) -> Page:
    """Give a page of accounts."""
    return await fetch_page(work, ACCOUNTS, filters, allowed=_allowed(work, "transition_account"))


async def in_full(work: Work, account_id: UUID) -> bytes:
    """Give one account, or raise NotFound."""
    return await fetch_one(work, ACCOUNT_SHOWN, account_id=account_id, allowed=_allowed(work, "transition_account"))


async def proposals(work: Work, filters: AccountProposalFilters) -> Page:
    """Give a page of accounts whose roles wait for a second person."""
    return await fetch_page(work, PROPOSALS, filters, allowed=_allowed(work, "transition_account_proposal"))


async def proposal(work: Work, account_id: UUID) -> bytes:
    """Give an account with what is proposed for it, or raise NotFound; also after the decision."""
    return await fetch_one(work, PROPOSAL, account_id=account_id, allowed=_allowed(work, "transition_account_proposal"))


def _allowed(work: Work, operation: str) -> str:
    return as_json(acting.allowed_actions(work, ACCOUNT, operation))


async def lock(work: Work) -> None:
    """Let no other account change until the end of the transaction."""
    await fetch_rows(work, LOCK)


async def taken(work: Work, account_id: UUID) -> Account:
    """Take an account for a change, or raise NotFound."""
    await lock(work)
    found = await work.session.exec(select(Account).where(col(Account.id) == account_id).with_for_update())
    account = found.one_or_none()
    if account is None:
        raise NotFound
    return account


async def living(work: Work, person_id: UUID) -> list[Account]:
    """Take every account of a person that has not ended."""
    wanted = select(Account).where(col(Account.person_id) == person_id, col(Account.status) != "ended")
    return list((await work.session.exec(wanted.with_for_update())).all())


async def is_linked(work: Work, issuer: str, subject: str) -> bool:
    """Tell whether an account that has not ended has this login."""
    wanted = select(Account.id).where(
        col(Account.issuer) == issuer, col(Account.subject) == subject, col(Account.status) != "ended"
    )
    return (await work.session.exec(wanted)).first() is not None


async def behind(work: Work, issuer: str, subject: str) -> dict[str, Any] | None:
    """Give the account behind a login with its person's terms of office; None where there is none."""
    rows = await fetch_rows(work, BEHIND, issuer=issuer, subject=subject)
    return rows[0] if rows else None


async def is_department(work: Work, department_id: UUID, authority_id: UUID) -> bool:
    """Tell whether the directory has a department under an authority."""
    [row] = await fetch_rows(work, IS_DEPARTMENT, department_id=department_id, authority_id=authority_id)
    return bool(row["found"])


async def kind_of(work: Work, organisation_id: UUID) -> str | None:
    """Give what an institution of the directory is; None where it is not there."""
    [row] = await fetch_rows(work, KIND, id=organisation_id)
    kind: str | None = row["kind"]
    return kind


async def kind_of_person(work: Work, person_id: UUID) -> str | None:
    """Give whether somebody is a member, an employee, a secondee or an expert; None for who has no entry."""
    [row] = await fetch_rows(work, PERSON_KIND, id=person_id)
    kind: str | None = row["kind"]
    return kind


async def are_any(work: Work) -> bool:
    """Tell whether there is, or ever was, an account."""
    return (await work.session.exec(select(Account.id).limit(1))).first() is not None

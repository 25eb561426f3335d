"""The routes of accounts: npm, and the one that the gateway asks. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.stakeholders.accounts import queries, usecases
from services.stakeholders.accounts.schemas import (
    Account,
    AccountAnswer,
    AccountFilters,
    AccountInvitation,
    AccountPage,
    AccountProposal,
    AccountProposalFilters,
    AccountProposalPage,
    AccountProposalTransition,
    AccountQuestion,
    AccountTransition,
)
from shared.app import audience_router
from shared.http import JSON, NpmWork, ServiceWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "accounts")
proposals = audience_router("npm", "account-proposals")
service = audience_router("service", "account")
ROUTERS = (npm, proposals, service)


@npm.get("", response_model=AccountPage)
async def list_accounts(work: NpmWork, request: Request, filters: Filtered[AccountFilters]) -> Response:
    """List accounts: which login is let in, with which roles. Ids and codes only."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=Account)
async def invite_account(work: NpmWork, new: Json[AccountInvitation]) -> Response:
    """Let a login at an identity provider in.

    Roles on complaints, on the vault, for decisions, of data protection and of system administration wait for a second
    person (`invited`); others count at once (`active`). Never for yourself (409 `own_account`).
    """
    account_id = await work.once(usecases.invite_account, new)
    return created(work, await queries.in_full(work, account_id), f"/v1/npm/accounts/{account_id}")


@npm.get("/{account_id}", response_model=Account)
async def get_account(work: NpmWork, account_id: UUID) -> Response:
    """Read one account."""
    return one(work, await queries.in_full(work, account_id))


@npm.post("/{account_id}/transitions", response_model=Account)
async def transition_account(
    work: NpmWork, account_id: UUID, if_match: IfMatch, order: Json[AccountTransition]
) -> Response:
    """Propose the roles an account is to have, or end it: access stops within five seconds. Never your own."""
    await work.once(usecases.transition_account, account_id, if_match, order)
    return one(work, await queries.in_full(work, account_id))


@proposals.get("", response_model=AccountProposalPage)
async def list_account_proposals(
    work: NpmWork, request: Request, filters: Filtered[AccountProposalFilters]
) -> Response:
    """List the accounts whose roles wait for a second person."""
    return page(work, request, await queries.proposals(work, filters))


@proposals.get("/{account_id}", response_model=AccountProposal)
async def get_account_proposal(work: NpmWork, account_id: UUID) -> Response:
    """Read what is proposed for an account; its tag binds your decision to exactly these roles."""
    return one(work, await queries.proposal(work, account_id))


@proposals.post("/{account_id}/transitions", response_model=AccountProposal)
async def transition_account_proposal(
    work: NpmWork, account_id: UUID, if_match: IfMatch, order: Json[AccountProposalTransition]
) -> Response:
    """Approve or refuse proposed roles as the second person.

    Never as the person who proposed them (409 `own_proposal`) or who would get them (409 `own_account`), through
    whichever account.
    """
    await work.once(usecases.transition_account_proposal, account_id, if_match, order)
    return one(work, await queries.proposal(work, account_id))


@service.get("", response_model=AccountAnswer)
async def read_account(work: ServiceWork, question: Filtered[AccountQuestion]) -> Response:
    """Say what the account behind a login gives today, and for which decisions the matrix names its person."""
    return Response((await usecases.account_behind(work, question)).model_dump_json(), media_type=JSON)

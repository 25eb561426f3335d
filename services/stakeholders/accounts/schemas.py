"""What goes in and out about accounts. Ids and codes only: an account carries no name and no address."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.stakeholders.accounts.rules import AccountAction, AccountClass, AccountEnd, AccountRole, AccountStatus
from shared.paging import Paging
from shared.schemas import Day, Sent, Shown

Issuer = Annotated[str, Field(min_length=8, max_length=300, pattern=r"^https?://[A-Za-z0-9._:/~-]+$")]
Subject = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9._:@|/-]+$")]
Roles = Annotated[list[AccountRole], Field(min_length=1, max_length=8)]


class Login(Sent):
    """A login at an identity provider."""

    issuer: Issuer
    """The identity provider, as its tokens name it."""
    subject: Subject
    """The login at that provider: the subject of its tokens, never a name or an address."""


class AccountInvitation(Login):
    """A login that is to be let in."""

    audience_class: AccountClass
    """Which door it opens."""
    roles: Roles
    """The roles proposed."""
    person_id: UUID | None = None
    """The human behind it: needed for the NPM; an expert's is `expert_id`; of others, who has several accounts."""
    expert_id: UUID | None = None
    """Which expert, of class expert."""
    authority_id: UUID | None = None
    """For which authority, of class authority."""
    department_id: UUID | None = None
    """For which department of the authority alone."""
    partner_id: UUID | None = None
    """For which partner body, of class partner."""
    from_on: Day | None = None
    """The first day; today unless said."""
    to_on: Day | None = None
    """The last day."""


class AccountTransition(Sent):
    """An act on an account that changes its roles or ends it."""

    action: Literal[AccountAction.PROPOSE_ROLES, AccountAction.END]
    """What to do."""
    roles: Roles | None = None
    """All roles the account is to have; needed to propose."""
    reason: AccountEnd | None = None
    """Why it ends; needed to end."""


class AccountProposalTransition(Sent):
    """A second person's decision on roles that were proposed."""

    action: Literal[AccountAction.APPROVE, AccountAction.REFUSE]
    """What to do."""


class AccountFilters(Paging):
    """How to narrow and order accounts."""

    audience_class: Annotated[list[AccountClass], Field(max_length=4)] | None = None
    """Of any of these classes."""
    status: Annotated[list[AccountStatus], Field(max_length=3)] | None = None
    """In any of these states."""
    person_id: UUID | None = None
    """Of this person."""
    sort: Literal["created_at", "-created_at"] = "-created_at"
    """The order."""


class AccountProposalFilters(Paging):
    """How to order what waits for a second person."""

    sort: Literal["created_at", "-created_at"] = "created_at"
    """The order."""


class Account(Shown):
    """One login of one person."""

    id: UUID
    issuer: str
    subject: str
    audience_class: AccountClass
    roles: list[AccountRole]
    """The roles that count."""
    person_id: UUID
    expert_id: UUID | None
    authority_id: UUID | None
    department_id: UUID | None
    partner_id: UUID | None
    status: AccountStatus
    from_on: Day
    to_on: Day | None
    proposed_roles: list[AccountRole] | None
    """All roles it is to have once a second person approves."""
    proposed_by: UUID | None
    decided_by: UUID | None
    """The second person who approved or refused last."""
    decided_on: Day | None
    ended_on: Day | None
    end_reason: AccountEnd | None
    allowed_actions: list[AccountAction]


class AccountPage(Shown):
    """A page of accounts."""

    items: list[Account]
    next_cursor: str | None
    count: int | None = None


class AccountProposal(Shown):
    """Roles that wait for a second person."""

    id: UUID
    audience_class: AccountClass
    person_id: UUID
    person_name: str
    """Whom the roles are for; empty for somebody who is not on the NPM's books."""
    status: AccountStatus
    roles: list[AccountRole]
    """The roles that count now."""
    proposed_roles: list[AccountRole] | None
    proposed_by: UUID | None
    from_on: Day
    to_on: Day | None
    allowed_actions: list[AccountAction]


class AccountProposalPage(Shown):
    """A page of what waits."""

    items: list[AccountProposal]
    next_cursor: str | None
    count: int | None = None


class AccountQuestion(BaseModel):
    """Whose account is asked for: a login at a provider."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    issuer: Annotated[str, Field(max_length=500)]
    """The provider."""
    subject: Annotated[str, Field(max_length=500)]
    """The login."""


class AccountInForce(Shown):
    """What an account gives today."""

    is_in_force: bool
    """False where it is not active, not within its days, or the person's time at the NPM does not run."""
    audience_class: AccountClass
    roles: list[AccountRole]
    person_id: UUID
    expert_id: UUID | None
    authority_id: UUID | None
    department_id: UUID | None
    partner_id: UUID | None
    decision_scopes: list[str]
    """The decision scopes that rows of the decision matrix name the person for."""


class AccountAnswer(Shown):
    """The account behind a login; null where there is none."""

    account: AccountInForce | None

"""What goes in and out about machine clients. Public keys only: the private part never comes here."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from gateway.own.clients.rules import ClientAction, ClientStatus, KeyAction, KeyStatus
from gateway.own.revocations.rules import RevocationReason
from shared.paging import Paging
from shared.schemas import Day, Name, Sent, Shown

KeyId = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
#: 32 bytes in base64url without padding.
Coordinate = Annotated[str, Field(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]{43}$")]
PackageKey = Annotated[str, Field(min_length=1, max_length=1_000, pattern=r"^[A-Za-z0-9_=/+-]+$")]
RoleName = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z_]+$")]
ScopeName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[a-z]+:[a-z-]+\.[a-z]+$")]
MachineClass = Literal["npm", "authority", "partner"]
RateClass = Literal["machine"]


class ClientKeyCreate(Sent):
    """A public key as a JWK (RFC 7517): elliptic, P-256, for signatures, with an id. Without its private part."""

    kty: Literal["EC"]
    """The kind of key."""
    crv: Literal["P-256"]
    """The curve."""
    alg: Literal["ES256"]
    """What it signs with."""
    use: Literal["sig"]
    """What it is for."""
    kid: KeyId
    """Its id; one of a client is never used again."""
    x: Coordinate
    """First coordinate of the point."""
    y: Coordinate
    """Second coordinate of the point."""


class ClientCreate(Sent):
    """A machine client to register: who it is, what it is bound to, and the most that its tokens may carry."""

    client_id: UUID
    """Its id, which is also the subject of its tokens."""
    name: Name
    """Which system of whom."""
    audience_class: MachineClass
    """Which door it uses."""
    roles: Annotated[list[RoleName], Field(min_length=1, max_length=5)]
    """Roles of that class that a machine may hold."""
    institution_id: UUID
    """The NPM."""
    authority_id: UUID | None = None
    """For class authority: which one."""
    department_id: UUID | None = None
    """For class authority: which department of it, where it acts for one alone."""
    partner_id: UUID | None = None
    """For class partner: which one."""
    mou_id: UUID | None = None
    """For class partner: under which memorandum. While it is not in force there are no tokens."""
    scopes: Annotated[list[ScopeName], Field(min_length=1, max_length=100)]
    """The most that its tokens carry."""
    keys: Annotated[list[ClientKeyCreate], Field(min_length=1, max_length=2)]
    """Its public keys: one, or two while they roll over."""
    package_key: PackageKey | None = None
    """The public key to which packages for it are sealed."""
    rate_class: RateClass = "machine"
    """Which rate limit counts for it."""
    valid_until: Day
    """The last day on which it gets tokens."""


class ClientTransition(Sent):
    """An act on a machine client."""

    action: ClientAction
    """What to do: approve lets it in together with the keys that wait, revoke ends it for good."""
    reason: RevocationReason = RevocationReason.PRECAUTION
    """Why it is revoked."""


class ClientKeyTransition(Sent):
    """An act on a key of a machine client."""

    action: KeyAction
    """What to do."""
    is_exposed: bool = False
    """Whether a removed key is no longer secret: then every token of the client ends too."""


class ClientFilters(Paging):
    """How to narrow and order machine clients."""

    status: Annotated[list[ClientStatus], Field(max_length=3)] | None = None
    """In any of these states."""
    sort: Literal["name", "-name"] = "name"
    """The order."""


class ClientProposalFilters(Paging):
    """How to order what waits for a second person."""

    sort: Literal["name", "-name"] = "name"
    """The order."""


class ClientSummary(Shown):
    """A machine client in a list."""

    id: UUID
    name: str
    audience_class: str
    roles: list[str]
    partner_id: UUID | None
    authority_id: UUID | None
    status: ClientStatus
    valid_until: Day


class ClientPage(Shown):
    """A page of machine clients."""

    items: list[ClientSummary]
    next_cursor: str | None
    count: int | None = None


class ClientKeyShown(Shown):
    """A public key of a machine client."""

    kid: str
    x: str
    y: str
    status: KeyStatus
    proposed_by: str
    """The person who proposed it, or the machine that added it itself."""
    approved_by: str | None
    """The other person who let it in."""
    vouched_by: str | None
    """The id of the machine's own key that signed for this one, where the machine added it itself."""
    allowed_actions: list[KeyAction]


class MachineClient(Shown):
    """A machine client with its keys: what its tokens are bound to."""

    id: UUID
    name: str
    audience_class: str
    roles: list[str]
    institution_id: UUID
    authority_id: UUID | None
    department_id: UUID | None
    partner_id: UUID | None
    mou_id: UUID | None
    scopes: list[str]
    keys: list[ClientKeyShown]
    package_key: str | None
    rate_class: str
    valid_until: Day
    status: ClientStatus
    proposed_by: str
    """The person who proposed it."""
    approved_by: str | None
    """The other person who let it in."""
    allowed_actions: list[ClientAction]

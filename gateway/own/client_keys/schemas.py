"""What goes in and out about a machine's own keys. Public keys only."""

from datetime import date
from typing import Annotated

from pydantic import Field

from gateway.own.clients.rules import KeyAction, KeyStatus
from gateway.own.clients.schemas import ClientKeyCreate
from shared.paging import Paging
from shared.schemas import Sent, Shown

#: Segments in base64url with points between; how many, and what they hold, is read where keys are known.
Statement = Annotated[str, Field(min_length=5, max_length=8_192, pattern=r"^[A-Za-z0-9_.-]+$")]


class OwnClientKeyCreate(Sent):
    """Another public key of the machine that calls, with what shows that it holds this key and one it already has."""

    key: ClientKeyCreate
    """The new key."""
    proof: Statement
    """A JWT of type client-key-add+jwt, signed by the new key."""
    vouched: Statement
    """A JWT of the same type, signed by a key of this machine that is in use."""


class OwnClientKeyTransition(Sent):
    """An act of a machine on one of its own keys."""

    action: KeyAction
    """What to do: retire takes it away for good."""
    vouched: Statement
    """A JWT of type client-key-retire+jwt, signed by the key that stays."""


class OwnClientKeyFilters(Paging):
    """How to page through one's own keys."""


class OwnClientKey(Shown):
    """A public key of the machine that calls."""

    kid: str
    x: str
    y: str
    status: KeyStatus
    added_on: date
    allowed_actions: list[KeyAction]


class OwnClientKeyPage(Shown):
    """A page of own keys."""

    items: list[OwnClientKey]
    next_cursor: str | None
    count: int | None = None

"""The rules of a machine's own keys: what its statements must say, and when a key may follow or go.

A stolen access token must never be enough to take a client over: whoever adds a key signs for it with one that was let in
before, and whoever retires one signs with the one that stays. Pure: no database, no HTTP, no clock.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum

from gateway.own.clients.rules import MOST_KEYS, KeyStatus
from shared.workflow import Vocabulary


class StatementType(StrEnum):
    """The `typ` of a statement: none of them is taken as a proof for a token, and no such proof as one of them."""

    ADD = "client-key-add+jwt"
    RETIRE = "client-key-retire+jwt"


class KeyRefusal(Vocabulary):
    """Why a key cannot be added or retired, beside a statement that proves nothing."""

    KEY_EXISTS = "key_exists", "this client has, or had, a key of this id"
    SAME_KEY = "same_key", "this client has, or had, this very key under another id"
    TOO_MANY_KEYS = "too_many_keys", "a client has two keys at most: retire one first"
    NOT_ACTIVE = "not_active", "this key is not in use"


def thumbprint(x: str, y: str) -> str:
    """Give the thumbprint of a P-256 key by its coordinates (RFC 7638 §3, SHA-256, base64url without padding)."""
    members = json.dumps({"crv": "P-256", "kty": "EC", "x": x, "y": y}, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).rstrip(b"=").decode()


def may_vouch(status: KeyStatus | None, *, voucher: str, concerned: str) -> bool:
    """Whether a key signs for what is done to another: one that is let in, and never the very key it is about."""
    return status is KeyStatus.ACTIVE and voucher != concerned


def refusal_to_add(kid: str, point: str, known: Mapping[str, tuple[KeyStatus, str]]) -> KeyRefusal | None:
    """Say why a key cannot be added; `known` are all the client ever had: by id, where each stands and its thumbprint."""
    if kid in known:
        return KeyRefusal.KEY_EXISTS
    if point in {other for _, other in known.values()}:
        return KeyRefusal.SAME_KEY
    left = [status for status, _ in known.values() if status is not KeyStatus.REMOVED]
    return KeyRefusal.TOO_MANY_KEYS if len(left) >= MOST_KEYS else None

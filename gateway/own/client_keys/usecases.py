"""What a machine does with its own keys: add one and retire one, each signed for by a key it already has. No HTTP, no SQL."""

import hashlib
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from gateway.oauth.assertions import Assertion, NoProof, read
from gateway.own.client_keys import queries, rules
from gateway.own.client_keys.rules import StatementType
from gateway.own.client_keys.schemas import OwnClientKeyCreate, OwnClientKeyTransition
from gateway.own.clients.rules import CLIENT_KEY, ClientStatus, KeyAction, KeyStatus
from shared.db import Work
from shared.errors import Conflict, FieldError, NotFound, Unprocessable
from shared.http import expect
from shared.identity import PublicKey
from shared.journal import Event

Keys = dict[str, dict[str, Any]]


async def add_own_key(work: Work, new: OwnClientKeyCreate) -> UUID:
    """Add a key to the calling machine; gives the id of its row. It proves the machine from then on.

    Conflict where the machine has two, or had one of this id; Unprocessable where a statement proves nothing.
    """
    client_id, keys = await _own(work)
    point = rules.thumbprint(new.key.x, new.key.y)
    vouched = _stated(work, new.vouched, StatementType.ADD, point, keys, "/vouched")
    proof = _read(work, new.proof, StatementType.ADD, point, "/proof")
    if proof.kid != new.key.kid:
        raise _no_proof("/proof")
    _verify(proof, new.key.model_dump(), "/proof")
    if not rules.may_vouch(_status(keys, vouched.kid), voucher=vouched.kid, concerned=new.key.kid):
        raise _no_proof("/vouched")
    known = {kid: (KeyStatus(key["status"]), rules.thumbprint(key["x"], key["y"])) for kid, key in keys.items()}
    refusal = rules.refusal_to_add(new.key.kid, point, known)
    if refusal is not None:
        raise Conflict(refusal.label, code=refusal.value)
    await _use_up(work, client_id, {"/proof": proof, "/vouched": vouched})
    step = CLIENT_KEY.create[KeyAction.ADD]
    made = await queries.add(work, client_id, new.key, status=step.to.value, vouched_by=vouched.kid)
    told = {"kid": new.key.kid, "vouched_by": vouched.kid}
    work.record(Event(step.event, client_id, told, leaves=False))
    return made


async def retire_own_key(work: Work, kid: str, if_match: str, order: OwnClientKeyTransition) -> UUID:
    """Take a key of the calling machine away for good, by the word of the one that stays."""
    work.require_action(order.action.value)
    client_id, keys = await _own(work)
    shown = await queries.in_full(work, kid)
    expect(if_match, shown)
    if keys[kid]["status"] != KeyStatus.ACTIVE.value:
        raise Conflict(rules.KeyRefusal.NOT_ACTIVE.label, code=rules.KeyRefusal.NOT_ACTIVE.value)
    step = CLIENT_KEY.step(KeyStatus.ACTIVE, order.action)
    point = rules.thumbprint(keys[kid]["x"], keys[kid]["y"])
    vouched = _stated(work, order.vouched, StatementType.RETIRE, point, keys, "/vouched")
    if not rules.may_vouch(_status(keys, vouched.kid), voucher=vouched.kid, concerned=kid):
        raise _no_proof("/vouched")
    await _use_up(work, client_id, {"/vouched": vouched})
    await queries.move(work, client_id, kid, step.to.value)
    work.record(Event(step.event, client_id, {"kid": kid, "vouched_by": vouched.kid}, leaves=False))
    return UUID(str(keys[kid]["id"]))


async def _own(work: Work) -> tuple[UUID, Keys]:
    """Give the calling machine and its keys, held until the end of the request; a person has none."""
    caller = work.caller
    if caller.client_id != caller.subject:
        raise NotFound
    if await queries.lock(work, caller.client_id) != ClientStatus.ACTIVE.value:
        raise NotFound
    client_id = UUID(caller.client_id)
    return client_id, {key["kid"]: key for key in await queries.every(work, client_id)}


def _status(keys: Keys, kid: str) -> KeyStatus | None:
    return KeyStatus(keys[kid]["status"]) if kid in keys else None


def _stated(work: Work, text: str, kind: StatementType, point: str, keys: Keys, pointer: str) -> Assertion:
    """Read a statement that one of the machine's keys signed."""
    statement = _read(work, text, kind, point, pointer)
    if statement.kid not in keys:
        raise _no_proof(pointer)
    _verify(statement, keys[statement.kid], pointer)
    return statement


def _read(work: Work, text: str, kind: StatementType, point: str, pointer: str) -> Assertion:
    issuer = work.state.settings.base_url
    try:
        # statements live by the host's clock, as every proof does
        statement = read(text, issuer=issuer, now=time.time(), types=frozenset({kind.value}))
    except NoProof:
        raise _no_proof(pointer) from None
    if str(statement.client_id) != work.caller.client_id or statement.claims.get("jkt") != point:
        raise _no_proof(pointer)
    return statement


def _verify(statement: Assertion, point: dict[str, Any], pointer: str) -> None:
    try:
        key = PublicKey.from_jwk({"kty": "EC", "crv": "P-256", "kid": statement.kid, "x": point["x"], "y": point["y"]})
        statement.verify(key)
    except (NoProof, ValueError):
        raise _no_proof(pointer) from None


async def _use_up(work: Work, client_id: UUID, statements: dict[str, Assertion]) -> None:
    for pointer, statement in statements.items():
        digest = hashlib.sha256(statement.jti.encode()).digest()
        if not await queries.use_once(work, client_id, digest, datetime.fromtimestamp(statement.expires_at, UTC)):
            raise _no_proof(pointer)


def _no_proof(pointer: str) -> Unprocessable:
    """Make the one refusal of a statement, whatever is wrong with it."""
    detail = (
        "a JWT signed with ES256 by the key it must come from, of the type that is asked for, for this issuer alone, at "
        "most 60 seconds long, used once, with the thumbprint of the key concerned in jkt"
    )
    return Unprocessable("a value is not acceptable", errors=[FieldError(pointer, "no_proof", detail)])

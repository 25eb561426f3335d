"""What people do with machine clients and their keys: propose, let in as a second person, end. No HTTP, no SQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gateway.own.clients import queries, rules
from gateway.own.clients.rules import CLIENT, CLIENT_KEY, Bindings, ClientAction, ClientStatus, KeyAction, KeyStatus
from gateway.own.clients.schemas import ClientCreate, ClientKeyCreate, ClientKeyTransition, ClientTransition
from gateway.own.clients.tables import Client, ClientKey
from gateway.own.revocations import usecases as revocations
from gateway.own.revocations.rules import RevocationReason
from gateway.own.revocations.schemas import AccessRevocationCreate
from shared.access import vocabulary
from shared.db import Work
from shared.errors import Conflict, FieldError, Forbidden, NotFound, Unprocessable, invalid
from shared.http import expect
from shared.identity import PublicKey
from shared.journal import Event
from shared.records import stamps, touch
from shared.revocations.rules import RevocationEffect, RevocationKind

_KEPT = {"name", "authority_id", "department_id", "partner_id", "mou_id", "package_key", "rate_class", "valid_until"}


def person_of(work: Work) -> str:
    """Give the person behind the caller: two accounts of one person are one."""
    return work.caller.person_id or work.caller.subject


def scopes_of(audience_class: str, roles: Sequence[str]) -> frozenset[str]:
    """Give the scopes that roles give a machine; a role that there is not gives none."""
    known = vocabulary()
    held = known.scopes_of([role for role in roles if role in known.roles], audience_class=audience_class)
    return rules.scopes_for_machines(held, known.decisions)


def _record(work: Work, event: str, client: Client, **more: Any) -> None:
    told = {"audience_class": client.audience_class, "state": client.status, **more}
    work.record(Event(event, client.id, told, leaves=False))


async def propose_client(work: Work, new: ClientCreate) -> UUID:
    """Register a machine client; it gets no token before another person has let it in."""
    _judge(work, new)
    if new.valid_until < await work.today():
        invalid("/valid_until", "in_past", "this day is over")
    if await queries.is_known(work, new.client_id):
        raise Conflict("a client of this id is registered, or was", code="client_exists")
    step = CLIENT.create[ClientAction.PROPOSE]
    client = Client(
        id=new.client_id,
        **new.model_dump(include=_KEPT),
        audience_class=new.audience_class,
        roles=sorted(new.roles),
        institution_id=new.institution_id,
        scopes=sorted(new.scopes),
        **await stamps(work),
        status=step.to.value,
        proposed_by=person_of(work),
    )
    work.session.add(client)
    await work.flush()
    for key in new.keys:
        await _add_key(work, client, key)
    _record(work, step.event, client)
    return client.id


def _judge(work: Work, new: ClientCreate) -> None:
    bindings = Bindings(*(getattr(new, name) is not None for name in Bindings._fields))
    found = rules.faults(
        new.audience_class, new.roles, bindings, new.scopes,
        of_roles=scopes_of(new.audience_class, new.roles), kids=[key.kid for key in new.keys],
    )  # fmt: skip
    errors = [FieldError(*fault) for fault in found]
    if new.institution_id != work.state.settings.institution_id:
        errors.append(FieldError("/institution_id", "other_institution", "this is not the institution of this system"))
    errors += [_off_curve(f"/keys/{number}/x") for number, key in enumerate(new.keys) if not _is_on_curve(key)]
    if errors:
        raise Unprocessable("a value is not acceptable", errors=errors)


def _off_curve(pointer: str) -> FieldError:
    return FieldError(pointer, "off_curve", "x and y are no point of the curve P-256")


def _is_on_curve(key: ClientKeyCreate) -> bool:
    try:
        PublicKey.from_jwk(key.model_dump())
    except ValueError:
        return False
    return True


async def transition_client(work: Work, client_id: UUID, if_match: str, order: ClientTransition) -> UUID:
    """Let a client in with the keys that wait, or end it."""
    work.require_action(order.action.value)
    client = await queries.lock(work, client_id)
    expect(if_match, await queries.in_full(work, client_id))
    step = CLIENT.step(ClientStatus(client.status), order.action)
    if not step.by & work.caller.roles:
        raise Forbidden
    if order.action is ClientAction.APPROVE:
        if client.valid_until < await work.today():
            raise Conflict("its last day is over; propose it anew", code="ended")
        client.approved_by = _second_person(work, client.proposed_by)
        for key in await queries.keys_of(work, client_id):
            if key.status == KeyStatus.PROPOSED.value:
                await _let_in(work, key)
    else:
        await _end_tokens(work, client_id, RevocationEffect.BLOCKED, order.reason)
    client.status = step.to.value
    await touch(work, client)
    _record(work, step.event, client)
    return client.id


async def propose_key(work: Work, client_id: UUID, new: ClientKeyCreate) -> UUID:
    """Propose another key for a client; it proves nothing before another person has let it in."""
    if not _is_on_curve(new):
        raise Unprocessable("a value is not acceptable", errors=[_off_curve("/x")])
    client = await queries.lock(work, client_id)
    if client.status == ClientStatus.REVOKED.value:
        raise Conflict("this client has ended")
    keys = await queries.keys_of(work, client_id)
    if new.kid in {key.kid for key in keys}:
        raise Conflict("this client has, or had, a key of this id", code="key_exists")
    if len([key for key in keys if key.status != KeyStatus.REMOVED.value]) >= rules.MOST_KEYS:
        raise Conflict("a client has two keys at most: remove one first", code="too_many_keys")
    await _add_key(work, client, new)
    await touch(work, client)
    return client.id


async def transition_key(work: Work, client_id: UUID, kid: str, if_match: str, order: ClientKeyTransition) -> UUID:
    """Let a key in as a second person, or take it away for good."""
    work.require_action(order.action.value)
    client = await queries.lock(work, client_id)
    expect(if_match, await queries.in_full(work, client_id))
    key = next((each for each in await queries.keys_of(work, client_id) if each.kid == kid), None)
    if key is None:
        raise NotFound
    step = CLIENT_KEY.step(KeyStatus(key.status), order.action)
    if not step.by & work.caller.roles:
        raise Forbidden
    if order.action is KeyAction.APPROVE:
        await _let_in(work, key)
    else:
        key.status = step.to.value
        await touch(work, key)
        if order.is_exposed:
            await _end_tokens(work, client_id, RevocationEffect.ISSUED_BEFORE, RevocationReason.KEY_EXPOSED)
    await touch(work, client)
    _record(work, step.event, client, kid=kid)
    return client.id


async def _end_tokens(work: Work, client_id: UUID, effect: RevocationEffect, reason: RevocationReason) -> None:
    """End what was given to a client, everywhere within seconds: the tokens it holds are good by themselves."""
    ended = AccessRevocationCreate(
        kind=RevocationKind.CLIENT,
        value=str(client_id),
        issuer=work.state.settings.base_url,
        effect=effect,
        reason=reason,
    )
    await revocations.end_access(work, ended)


async def end_token(work: Work, token_id: str) -> None:
    """End one token, because the client that holds it says so."""
    ended = AccessRevocationCreate(
        kind=RevocationKind.TOKEN,
        value=token_id,
        issuer=work.state.settings.base_url,
        effect=RevocationEffect.BLOCKED,
        reason=RevocationReason.PRECAUTION,
    )
    await revocations.end_access(work, ended)


def _second_person(work: Work, proposed_by: str) -> str:
    person = person_of(work)
    if not rules.is_second_person(person, proposed_by):
        raise Conflict("somebody else lets this in: it is your own proposal", code="own_proposal")
    return person


async def _let_in(work: Work, key: ClientKey) -> None:
    key.approved_by = _second_person(work, key.proposed_by)
    key.status = KeyStatus.ACTIVE.value
    await touch(work, key)


async def _add_key(work: Work, client: Client, new: ClientKeyCreate) -> None:
    step = CLIENT_KEY.create[KeyAction.PROPOSE]
    key = ClientKey(
        **new.model_dump(include={"kid", "x", "y"}),
        **await stamps(work),
        client_id=client.id,
        status=step.to.value,
        proposed_by=person_of(work),
    )
    work.session.add(key)
    _record(work, step.event, client, kid=new.kid)

"""Ending access, and giving it back. No HTTP, no SQL, no clock of its own."""

from uuid import UUID, uuid4

from gateway.own.revocations import queries, rules
from gateway.own.revocations.rules import REVOCATION, RevocationAction, RevocationStatus
from gateway.own.revocations.schemas import AccessRevocationCreate, AccessRevocationTransition
from shared.db import Work
from shared.errors import Conflict, FieldError, Forbidden, Unprocessable
from shared.http import expect
from shared.journal import Event
from shared.revocations.rules import Entry, RevocationEffect, RevocationKind


async def revoke(work: Work, new: AccessRevocationCreate) -> UUID:
    """End access; gives the entry. Conflict where the same is blocked already, or where nobody could lift it again."""
    same = await _same(work, new)
    if same is not None:
        raise Conflict("the same is blocked already; read the list", code="already_blocked")
    return await _kept(work, new)


async def end_access(work: Work, new: AccessRevocationCreate) -> UUID:
    """End access because something else has ended (a mandate, a contract, an account); again is harmless."""
    return await _same(work, new) or await _kept(work, new)


async def _same(work: Work, new: AccessRevocationCreate) -> UUID | None:
    """Judge what is wanted, wait for our turn, and look whether there is such a block."""
    ago = None if new.issued_before is None else await queries.seconds_ago(work, new.issued_before)
    wrong = [
        FieldError(rules.MEMBER[fault], fault.value, fault.label)
        for fault in rules.faults(new.kind, new.value, new.issuer or "", new.effect, ago)
    ]
    if wrong:
        raise Unprocessable("a value is not acceptable", errors=wrong)
    entry = Entry(id="", kind=new.kind, value=new.value, issued_before=_instant(new))
    institution = str(work.state.settings.institution_id)
    if rules.shuts_out_everybody(entry, institution_id=institution, client_id=work.caller.client_id):
        raise Conflict("nobody could lift this again; end their tokens up to now instead", code="shuts_out_everybody")
    await queries.take_turns(work)
    if new.effect is not RevocationEffect.BLOCKED:
        return None
    return await queries.same_block(work, kind=new.kind, value=new.value, issuer=new.issuer or "")


def _instant(new: AccessRevocationCreate) -> int | None:
    """Give any instant for what has one: only whether it is a block matters here."""
    return None if new.effect is RevocationEffect.BLOCKED else 0


async def _kept(work: Work, new: AccessRevocationCreate) -> UUID:
    step = REVOCATION.create[RevocationAction.REVOKE]
    if not step.by & work.caller.roles:
        raise Forbidden
    revocation_id = uuid4()
    await queries.insert(
        work, id=revocation_id, kind=new.kind, value=new.value, issuer=new.issuer or "", effect=new.effect,
        at=new.issued_before, reason=new.reason, status=step.to,
    )  # fmt: skip
    told = {"kind": new.kind.value, "effect": new.effect.value, "reason": new.reason.value}
    work.record(Event(step.event, revocation_id, told, confidentiality="RES", leaves=False))
    return revocation_id


async def transition_revocation(
    work: Work, revocation_id: UUID, if_match: str, order: AccessRevocationTransition
) -> UUID:
    """Lift an entry. Forbidden for what was ended of oneself, Conflict for what is lifted already."""
    work.require_action(order.action.value)
    await queries.take_turns(work)
    found = await queries.lock(work, revocation_id)
    expect(if_match, await queries.in_full(work, revocation_id))
    step = REVOCATION.step(RevocationStatus(found["status"]), order.action)
    entry = Entry(id=str(revocation_id), kind=RevocationKind(found["kind"]), value=found["value"])
    if rules.is_own(entry, work.caller) or not step.by & work.caller.roles:
        raise Forbidden
    await queries.lift(work, revocation_id, status=step.to, lift_reason=order.reason)
    told = {"kind": found["kind"], "reason": order.reason.value}
    work.record(Event(step.event, revocation_id, told, confidentiality="RES", leaves=False))
    return revocation_id

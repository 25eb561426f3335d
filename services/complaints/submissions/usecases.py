"""What a partner does: submit, change, clarify, withdraw. Identities go to the vault and the narrative under its key in
the same act; nothing of either can be read back here.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from pydantic_core import to_json

from services.complaints.complaint_referrals import rules
from services.complaints.complaint_referrals.rules import COMPLAINT_REFERRAL as MACHINE
from services.complaints.complaint_referrals.rules import ComplaintReferralAction as Action
from services.complaints.complaint_referrals.rules import ComplaintReferralState as State
from services.complaints.complaint_referrals.usecases import Resolved, resolve, told
from services.complaints.consents import usecases as consents
from services.complaints.narratives import usecases as narratives
from services.complaints.narratives.rules import CaseTextKind
from services.complaints.other_bodies import tables as other_bodies
from services.complaints.persons import usecases as persons
from services.complaints.submissions import queries
from services.complaints.submissions.schemas import (
    ALONE,
    SILENT,
    UNKEPT,
    ReferralStep,
    ReferralSubmission,
    as_submitted,
)
from shared.db import Work
from shared.errors import (
    Conflict,
    FieldError,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Unprocessable,
)
from shared.http import Batches, expect


def refuse_inconsistent(sent: ReferralSubmission, *, is_first: bool) -> None:
    """Refuse what does not fit together, each with its place."""
    said = sent.consent
    consent = rules.ReportedConsent(
        state=said.state,
        purposes=said.purposes,
        recipients=said.recipients,
        given_on=said.given_on,
        expires_on=said.expires_on,
    )
    found = [
        FieldError(f"/{each.field.replace('.', '/')}", "inconsistent", each.why)
        for each in rules.consent_inconsistencies(consent, person_count=len(sent.persons), is_first=is_first)
    ]
    for name in ("place", "present_place"):
        given = getattr(sent, name)
        if given is not None and not rules.is_place_named_once(
            place_id=given.id, code=given.code, name=given.name, region=given.region
        ):
            found.append(FieldError(f"/{name}", "named_once", "give exactly one of id, code, or name with region"))
    if sent.place is None and sent.authority is None:
        found.append(FieldError("/place", "missing", "give a place or an authority"))
    if sent.anonymous and sent.persons:
        found.append(FieldError("/persons", "anonymous", "an anonymous complaint names no person"))
    if sent.attachments:
        found.append(FieldError("/attachments/0/upload_id", "unknown_upload", "no upload of this id is known"))
    if found:
        raise Unprocessable("the members do not fit together", errors=found)


def digests_of(work: Work | Batches, referral_id: Any, members: Mapping[str, Any]) -> dict[str, str]:
    """Give a keyed digest of each member that may change by itself, and one of all the rest."""
    keys, whose = narratives.keys(work), str(referral_id)
    told = {name: members[name] for name in ALONE if members[name] != SILENT.get(name)}
    told["rest"] = {name: value for name, value in members.items() if name not in ALONE}
    # members come from a model: their order, and that of all in them, is always the same
    return {name: keys.recognise(f"{whose}|{name}|{to_json(value).decode()}") for name, value in told.items()}


def changed_members(work: Work, known: Mapping[str, Any], members: Mapping[str, Any]) -> set[str]:
    """Name the members that differ from what was sent before; those that never change alone are one, `rest`."""
    now: dict[str, str] = digests_of(work, known["id"], members)
    before: Mapping[str, str] = known["digests"]
    return {name for name in {*now, *before} if now.get(name) != before.get(name)}


def row_of(
    partner_id: str, members: Mapping[str, Any], found: Resolved, digests: Mapping[str, str], stamped: Mapping[str, Any]
) -> dict[str, Any]:
    """Write the row of a submission; `stamped` gives id, status_on and the common columns."""
    state = State.RECEIVED if found.is_place_resolved and found.are_themes_resolved else State.NEEDS_MAPPING
    return {
        **stamped, "partner_id": partner_id, "external_id": members["external_id"], "state": state.value,
        "received_on": members["received_on"], "digests": digests, "place_id": found.place_id,
        "submitted": {name: value for name, value in members.items() if name not in UNKEPT},
        "present_place_id": found.present_place_id, "authority_id": found.authority_id, "themes": found.themes,
        "unmapped_codes": found.unmapped_codes, "is_place_resolved": found.is_place_resolved,
        **other_bodies.columns_of(members["other_body"]),
    }  # fmt: skip


async def _row(work: Work, sent: ReferralSubmission, found: Resolved, referral_id: UUID) -> dict[str, Any]:
    members = as_submitted(sent)
    stamped = {"id": referral_id, "status_on": await work.today(), **await narratives.row_stamps(work)}
    return row_of(work.caller.partner_id, members, found, digests_of(work, referral_id, members), stamped)


async def submit(work: Work, sent: ReferralSubmission) -> UUID:
    """Take a complaint from a partner; one with an id that the partner used before is refused."""
    refuse_inconsistent(sent, is_first=True)
    referral_id = await _submitted(work, sent, await queries.profile(work))
    if referral_id is None:
        raise Conflict(
            "you sent a referral with this external_id before; change it with PUT", code="external_id_exists"
        )
    return referral_id


async def _submitted(work: Work, sent: ReferralSubmission, profile: dict[str, Any]) -> UUID | None:
    referral_id, complaint_id = uuid4(), uuid4()
    found = await resolve(work, as_submitted(sent), profile)
    vaulted = await persons.sealed_rows(work, complaint_id, sent.persons, shut_out=[])
    row = await _row(work, sent, found, referral_id)
    row |= {
        "complaint_id": complaint_id,
        "person_refs": [each["id"] for each in vaulted],
        "voices": [each["voice"] for each in vaulted],
    }
    if not await queries.submit(work, row):
        return None
    await persons.hold(work, vaulted)
    if sent.narrative is not None:
        kept = (CaseTextKind.NARRATIVE, sent.narrative.language, sent.narrative.text)
        await narratives.seal(work, complaint_id, [kept])
    told(work, MACHINE.create[Action.SUBMIT].event, referral_id, work.caller.partner_id)
    if row["state"] == State.NEEDS_MAPPING:
        told(work, MACHINE.step(State.RECEIVED, Action.HOLD).event, referral_id, work.caller.partner_id)
    return referral_id


async def put(work: Work, external_id: str, sent: ReferralSubmission, if_match: str | None) -> bool:
    """Create under the partner's own id, or change what may still change; true when it was created.

    The same content again changes nothing and needs no version; other content needs the one that was read.
    """
    if sent.external_id != external_id:
        differs = FieldError("/external_id", "differs", "the same id as in the path")
        raise Unprocessable("the members do not fit together", errors=[differs])
    known = await queries.lock(work, external_id)
    if known is None:
        if if_match is not None:
            raise PreconditionFailed
        await submit(work, sent)
        return True
    refuse_inconsistent(sent, is_first=False)
    changed = _changed(work, known, sent)
    if not changed:
        return False
    if if_match is None:
        raise PreconditionRequired
    expect(if_match, await queries.receipt(work, external_id))
    withdrawn = sent.consent.state is rules.ConsentReport.WITHDRAWN
    action = rules.act_of_change(State(known["state"]), changed, is_consent_withdrawn=withdrawn)
    await (_amend if action is Action.AMEND else _report)(work, known, sent, changed)
    told(work, MACHINE.step(State(known["state"]), action).event, known["id"], work.caller.partner_id)
    return False


def _changed(work: Work, known: dict[str, Any], sent: ReferralSubmission) -> set[str]:
    changed = changed_members(work, known, as_submitted(sent))
    # who takes consent back is not sent along again
    if sent.consent.state is rules.ConsentReport.WITHDRAWN:
        changed.discard("persons")
    return changed


async def _amend(work: Work, known: dict[str, Any], sent: ReferralSubmission, changed: set[str]) -> None:
    found = await resolve(work, as_submitted(sent), await queries.profile(work))
    await queries.change(work, queries.AMEND, await _row(work, sent, found, known["id"]))
    if "persons" in changed:
        vaulted = await persons.sealed_rows(work, known["complaint_id"], sent.persons, shut_out=[])
        await persons.hold(work, vaulted)
        refs, voices = [each["id"] for each in vaulted], [each["voice"] for each in vaulted]
        await queries.name_persons(work, known["id"], refs, voices)
    if "narrative" in changed and sent.narrative is not None:
        kept = (CaseTextKind.NARRATIVE, sent.narrative.language, sent.narrative.text)
        await narratives.seal(work, known["complaint_id"], [kept])


async def _report(work: Work, known: dict[str, Any], sent: ReferralSubmission, changed: set[str]) -> None:
    nothing = Resolved(place_id=None, present_place_id=None, authority_id=None, themes=[], unmapped_codes=[])
    row = await _row(work, sent, nothing, known["id"])
    await queries.change(work, queries.REPORT, {**row, "state": known["state"]})
    if "consent" in changed:
        await consents.withdraw_as_partner(work, known["complaint_id"])


async def step(work: Work, external_id: str, if_match: str, order: ReferralStep) -> UUID:
    """Answer our question, or take a referral back; a complaint that was already made stays."""
    work.require_action(order.action.value)
    known = await queries.lock(work, external_id)
    if known is None:
        raise NotFound
    expect(if_match, await queries.receipt(work, external_id))
    action = Action(order.action.value)
    taken = MACHINE.step(State(known["state"]), action)
    state = State(taken.to.value)
    kind = CaseTextKind.CLARIFICATION if action is Action.CLARIFY else CaseTextKind.REASON
    await narratives.seal(work, known["complaint_id"], [(kind, "", order.text)])
    told(work, taken.event, known["id"], work.caller.partner_id)
    is_resolved = known["is_place_resolved"] and known["themes"] and not known["unmapped_codes"]
    if state is State.RECEIVED and not is_resolved:
        state = State.NEEDS_MAPPING
    await queries.move(work, known["id"], state.value, await work.today())
    referral_id: UUID = known["id"]
    return referral_id

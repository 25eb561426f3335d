"""What the NPM does with referrals: map, ask, accept, decline, conclude. A place or theme is chosen by a person or by an
agreed code, never guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from services.complaints.complaint_referrals import queries, rules
from services.complaints.complaint_referrals.rules import COMPLAINT_REFERRAL as MACHINE
from services.complaints.complaint_referrals.rules import ComplaintReferralAction as Action
from services.complaints.complaint_referrals.rules import ComplaintReferralState as State
from services.complaints.complaint_referrals.schemas import ComplaintReferralTransition
from services.complaints.complaint_referrals.tables import ComplaintReferral
from services.complaints.complaints import queries as complaint_queries
from services.complaints.complaints import usecases as complaints
from services.complaints.complaints.rules import COMPLAINT, ComplaintAction, ComplaintChannel, ComplaintState
from services.complaints.complaints.tables import Complaint
from services.complaints.consents import usecases as consents
from services.complaints.other_bodies.tables import COLUMNS as OTHER_BODY
from services.complaints.partner_profiles import queries as profiles
from services.complaints.partner_profiles.rules import ThemesRead, read_themes, with_mapped
from services.complaints.partner_profiles.tables import PartnerProfile
from services.complaints.projections import queries as projections
from shared.db import Work
from shared.errors import Conflict, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch
from shared.texts import folded


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """What a submission means to us, as far as codes and the register say."""

    place_id: UUID | None
    present_place_id: UUID | None
    authority_id: UUID | None
    themes: list[str]
    unmapped_codes: list[str]

    @property
    def is_place_resolved(self) -> bool:
        """Tell whether place or authority is found."""
        return self.place_id is not None or self.authority_id is not None

    @property
    def are_themes_resolved(self) -> bool:
        """Tell whether every code is mapped and a theme is left."""
        return bool(self.themes) and not self.unmapped_codes


async def resolve(work: Work, submitted: Mapping[str, Any], profile: Mapping[str, Any]) -> Resolved:
    """Look up what a submission names; what is ambiguous or unknown stays open."""
    return (await resolve_many(work, [submitted], profile))[0]


async def resolve_many(
    work: Work, submitted: Sequence[Mapping[str, Any]], profile: Mapping[str, Any]
) -> list[Resolved]:
    """Look up what each of many names, with one look at the register for all."""
    asked = [(_asked(each.get("place")), _asked(each.get("present_place"))) for each in submitted]
    named = list({one for pair in asked for one in pair if one is not None})
    meant = dict(zip(named, await projections.places_meant(work, [one._asdict() for one in named]), strict=True))
    agreed = places_agreed(profile)
    known: dict[_Asked | None, UUID | None] = {one: _one_place(one, meant[one], agreed) for one in named}
    authorities: dict[str, UUID | None] = {}
    codes: dict[tuple[str, ...], ThemesRead] = {}
    found = []
    for each, (place, present_place) in zip(submitted, asked, strict=True):
        given = each.get("authority") or {}
        key = f"{given.get('id')} {given.get('name')}"
        if key not in authorities:
            authorities[key] = await _authority(work, given)
        said = tuple(code["code"] for code in each["themes"])
        if said not in codes:
            codes[said] = read_themes(said, profile["theme_map"])
        found.append(Resolved(place_id=known.get(place), present_place_id=known.get(present_place), authority_id=authorities[key],
                              themes=list(codes[said].themes), unmapped_codes=list(codes[said].unmapped)))  # fmt: skip
    return found


class _Asked(NamedTuple):
    """A place as somebody names it, made comparable."""

    place_id: str | None
    code: str | None
    name: str | None
    region: str | None


def _asked(given: Mapping[str, Any] | None) -> _Asked | None:
    if not given:
        return None
    name = folded(given["name"]) if given.get("name") else None
    region = folded(given["region"]) if given.get("region") is not None else None
    return _Asked(str(given["id"]) if given.get("id") else None, given.get("code"), name, region)


def _one_place(asked: _Asked, meant: Iterable[UUID], agreed: Mapping[tuple[str | None, ...], set[str]]) -> UUID | None:
    found = {str(each) for each in meant}
    found |= agreed.get((asked.code,), set()) | agreed.get((asked.name, asked.region), set())
    return UUID(found.pop()) if len(found) == 1 else None


def places_agreed(profile: Mapping[str, Any]) -> dict[tuple[str | None, ...], set[str]]:
    """Give the places of a profile by (code,) and by (name, region), both made comparable."""
    agreed: dict[tuple[str | None, ...], set[str]] = {}
    for each in profile["place_codes"]:
        agreed.setdefault((each["code"],), set()).add(each["place_id"])
    for each in profile["place_names"]:
        agreed.setdefault((folded(each["name"]), folded(each["region"])), set()).add(each["place_id"])
    return agreed


async def _authority(work: Work, given: Mapping[str, Any]) -> UUID | None:
    if not given:
        return None
    name = folded(given["name"]) if given.get("name") else None
    meant = await projections.authorities_meant(work, authority_id=given.get("id"), name=name)
    return meant[0] if len(meant) == 1 else None


def told(work: Work, name: str, referral_id: UUID, partner_id: Any) -> None:
    """Leave a fact about a referral; it never leaves the service."""
    work.record(Event(name, referral_id, {"partner_id": str(partner_id)}, confidentiality="RES", leaves=False))


async def resolve_waiting(work: Work, profile: PartnerProfile) -> int:
    """Look anew at all that waits of one partner; gives how many wait no longer."""
    served = 0
    for referral in await queries.waiting(work, profile.partner_id):
        found = await resolve(work, referral.submitted, profile.model_dump())
        await _keep(work, referral, found)
        served += referral.state == State.RECEIVED
    return served


async def _keep(work: Work, referral: ComplaintReferral, found: Resolved) -> None:
    """Keep what was found; a person's own choice for this referral stays where the codes say nothing."""
    if found.is_place_resolved:
        referral.place_id, referral.authority_id = found.place_id, found.authority_id
        referral.is_place_resolved = True
    referral.present_place_id = found.present_place_id or referral.present_place_id
    referral.themes, referral.unmapped_codes = found.themes, found.unmapped_codes
    if referral.is_place_resolved and found.are_themes_resolved:
        await _step(work, referral, Action.MAP)


async def _step(work: Work, referral: ComplaintReferral, action: Action) -> None:
    step = MACHINE.step(State(referral.state), action)
    if step.to.value != referral.state:
        referral.status_on = await work.today()
    referral.state = step.to.value
    await touch(work, referral)
    told(work, step.event, referral.id, referral.partner_id)


async def transition_complaint_referral(
    work: Work, referral_id: UUID, if_match: str, order: ComplaintReferralTransition
) -> UUID:
    """Take one step of a referral on the NPM's side."""
    work.require_action(order.action.value)
    referral = await queries.lock(work, referral_id)
    expect(if_match, await queries.in_full(work, referral_id))
    MACHINE.step(State(referral.state), order.action)
    if order.action is Action.MAP:
        await _map(work, referral, order)
        return referral.id
    await _GUARDS[order.action](work, referral, order)
    await _step(work, referral, order.action)
    return referral.id


async def _map(work: Work, referral: ComplaintReferral, order: ComplaintReferralTransition) -> None:
    if order.place_id is None and order.authority_id is None and not order.themes:
        invalid("/themes", "missing", "say which place is meant or what the codes mean")
    if order.place_id is not None and not await projections.is_known_place(work, order.place_id):
        invalid("/place_id", "unknown", "no place of this id is known")
    profile = await profiles.of_partner(work, referral.partner_id)
    if profile is None:
        profile = PartnerProfile(**await stamps(work), partner_id=referral.partner_id)
    lines = [each.model_dump(mode="json") for each in order.themes]
    if order.is_kept:
        profile.theme_map = with_mapped(profile.theme_map, lines)
        _keep_place(profile, referral.submitted.get("place") or {}, order.place_id)
        work.session.add(profile)
        await work.flush()
    if order.place_id is not None or order.authority_id is not None:
        referral.place_id, referral.authority_id, referral.is_place_resolved = order.place_id, order.authority_id, True
    sent = [each["code"] for each in referral.submitted["themes"]]
    read = read_themes(sent, with_mapped(profile.theme_map, lines))
    referral.themes, referral.unmapped_codes = list(read.themes), list(read.unmapped)
    await touch(work, referral)
    if referral.is_place_resolved and read.are_resolved:
        await _step(work, referral, Action.MAP)
    else:
        told(work, "complaints.complaint_referral.partly_mapped", referral.id, referral.partner_id)
    await work.flush()
    if order.is_kept:
        await resolve_waiting(work, profile)


def _keep_place(profile: PartnerProfile, given: Mapping[str, Any], place_id: UUID | None) -> None:
    if place_id is None:
        return
    if given.get("code"):
        line = {"code": given["code"], "place_id": str(place_id)}
        profile.place_codes = [*(each for each in profile.place_codes if each["code"] != line["code"]), line]
    elif given.get("name"):
        named = {"name": given["name"], "region": given.get("region") or "", "place_id": str(place_id)}
        profile.place_names = [*(each for each in profile.place_names if each != named), named]


async def _guard_question(_work: Work, referral: ComplaintReferral, order: ComplaintReferralTransition) -> None:
    if not order.question:
        invalid("/question", "missing", "say what the partner is asked")
    referral.question = order.question


async def _guard_decline(_work: Work, referral: ComplaintReferral, order: ComplaintReferralTransition) -> None:
    if order.decline_reason is None:
        invalid("/decline_reason", "missing", "say why, with one of the reasons")
    referral.decline_reason = order.decline_reason.value


async def _guard_conclude(work: Work, referral: ComplaintReferral, order: ComplaintReferralTransition) -> None:
    complaint = await complaint_queries.lock(work, referral.complaint_id)
    if complaint.state != ComplaintState.CLOSED:
        raise Conflict("the complaint is not closed", code="not_closed")
    referral.concluded_note = order.concluded_note


async def _guard_accept(work: Work, referral: ComplaintReferral, _order: ComplaintReferralTransition) -> None:
    """Make the complaint: it gets the id under which everything was sealed, and the accepting officer."""
    complaints.refuse_missing(
        rules.missing_for_acceptance(
            is_place_or_authority_resolved=referral.is_place_resolved,
            are_themes_resolved=bool(referral.themes) and not referral.unmapped_codes,
            is_consent_consistent=True,
        )
    )
    sent = referral.submitted
    incident = sent.get("incident") or {}
    assignments = await complaints.own_assignment(work)
    complaint = Complaint(
        **await stamps(work), ref=complaints.reference(referral.complaint_id), state=ComplaintState.RECORDED.value,
        received_on=referral.received_on, channel=ComplaintChannel.PARTNER_SYSTEM.value, source_role=sent["source_role"],
        partner_id=referral.partner_id, kind=sent["kind"], themes=referral.themes[:4], place_id=referral.place_id,
        present_place_id=referral.present_place_id, authority_id=referral.authority_id,
        incident_from=_day(incident.get("from")), incident_to=_day(incident.get("to")), anonymous=sent["anonymous"],
        person_refs=referral.person_refs, group_size=sent["group_size"], has_reprisal_fear=sent["reprisal_fear"],
        **{column: getattr(referral, column) for column in OTHER_BODY},
        voices=referral.voices or [f"{referral.partner_id}:{sent['source_role']}"],
        acknowledgement=await complaints.acknowledgement_due(work), assignments=assignments,
        assigned_ids=[UUID(each["person_id"]) for each in assignments],
    )  # fmt: skip
    complaint.id, complaint.confidentiality = referral.complaint_id, "RES"
    work.session.add(complaint)
    await work.flush()
    complaints.recorded(work, complaint, COMPLAINT.create[ComplaintAction.RECEIVE])
    complaints.recorded(work, complaint, COMPLAINT.step(ComplaintState.RECEIVED, ComplaintAction.RECORD))
    await _keep_consent(work, referral)


async def _keep_consent(work: Work, referral: ComplaintReferral) -> None:
    sent = referral.submitted["consent"]
    if sent["state"] not in ("given", "refused", "not_obtainable"):
        return
    kept = ("state", "purposes", "recipients", "content_level", "form", "informed_points")
    person = referral.person_refs[0] if referral.person_refs else None
    days = {name: _day(sent.get(name)) for name in ("given_on", "expires_on")}
    await consents.keep(
        work, referral.complaint_id, {**{name: sent[name] for name in kept}, **days, "person_ref": person}
    )


async def _no_guard(_work: Work, _referral: ComplaintReferral, _order: ComplaintReferralTransition) -> None:
    return


def _day(written: Any) -> date | None:
    return date.fromisoformat(str(written)) if written else None


_GUARDS = {
    Action.REQUEST_CLARIFICATION: _guard_question,
    Action.DECLINE: _guard_decline,
    Action.ACCEPT: _guard_accept,
    Action.CONCLUDE: _guard_conclude,
    Action.REOPEN: _no_guard,
}

"""What people do with complaints: receive, acknowledge, classify, assign. No HTTP, no SQL, no clock of its own."""

from typing import Any
from uuid import UUID, uuid4

from services.complaints.complaint_steps.schemas import ClassificationSent
from services.complaints.complaints import queries, rules
from services.complaints.complaints.rules import COMPLAINT, ComplaintAction, ComplaintState
from services.complaints.complaints.schemas import (
    AcknowledgementSent,
    AssignmentsSent,
    ComplaintCreate,
    ComplaintReceipt,
)
from services.complaints.complaints.tables import Complaint
from services.complaints.narratives import usecases as narratives
from services.complaints.narratives.rules import CaseTextKind
from services.complaints.persons import usecases as persons
from services.complaints.projections import queries as projections
from shared.calendar import Calendar
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch
from shared.workflow import Step


def reference(complaint_id: UUID) -> str:
    """Give the reference that people quote: as random as the id it is made of."""
    return f"C-{complaint_id.hex[:10].upper()}"


def receipt(complaint_id: UUID) -> bytes:
    """Tell whoever recorded a complaint that it is kept, and nothing more."""
    return ComplaintReceipt(id=complaint_id, ref=reference(complaint_id)).model_dump_json().encode()


def recorded(work: Work, complaint: Complaint, step: Step) -> None:
    """Leave the fact of a step: coded, and never outside this service."""
    told = {"state": step.to.value}
    work.record(Event(step.event, complaint.id, told, confidentiality="RES", leaves=False))


async def acknowledgement_due(work: Work) -> dict[str, Any]:
    """Give an acknowledgement that waits: due in working days of the NPM's calendar."""
    calendar = Calendar(country=work.state.settings.country)
    due = calendar.due_after(await work.today(), working_days=rules.ACKNOWLEDGEMENT_WORKING_DAYS).due_on
    return {
        "due_on": due.isoformat(), "sent_on": None, "is_unsafe": False, "is_impossible": False, "expectations_version": None,
    }  # fmt: skip


def assignment(person_id: UUID, role: rules.AssignmentRole, since_on: Any) -> dict[str, Any]:
    """Write one assignment."""
    return {"person_id": str(person_id), "role": role.value, "since_on": str(since_on)}


async def own_assignment(work: Work) -> list[dict[str, Any]]:
    """Assign the officer who takes a case; anybody else who records one reads nothing of it afterwards."""
    if "complaints_officer" not in work.caller.roles:
        return []
    person = UUID(work.caller.person)
    return [assignment(person, rules.AssignmentRole.HANDLER, await work.today())]


async def receive_complaint(work: Work, new: ComplaintCreate) -> UUID:
    """Record a complaint that reached the NPM itself: persons into the vault, the narrative sealed."""
    if new.anonymous and new.persons:
        invalid("/persons", "anonymous", "an anonymous complaint names no person")
    for name in ("place_id", "present_place_id"):
        place_id = getattr(new, name)
        if place_id is not None and not await projections.is_known_place(work, place_id):
            invalid(f"/{name}", "unknown", "no place of this id is known")
    complaint_id = uuid4()
    texts = [(CaseTextKind.NARRATIVE, new.narrative.language, new.narrative.text)] if new.narrative else []
    await narratives.seal(work, complaint_id, texts)
    vaulted = await persons.sealed_rows(work, complaint_id, new.persons, shut_out=new.against_person_ids)
    await persons.hold(work, vaulted)
    assignments = await own_assignment(work)
    complaint = Complaint(
        **await stamps(work),
        **new.model_dump(exclude={"persons", "narrative", "themes"}),
        themes=[theme.value for theme in new.themes],
        ref=reference(complaint_id),
        state=COMPLAINT.initial.value,
        person_refs=[row["id"] for row in vaulted],
        voices=[row["voice"] for row in vaulted] or [f"{new.source_role}:{new.channel}"],
        acknowledgement=await acknowledgement_due(work),
        assignments=assignments,
        assigned_ids=[UUID(each["person_id"]) for each in assignments],
    )
    complaint.id, complaint.confidentiality = complaint_id, "RES"
    work.session.add(complaint)
    await work.flush()
    recorded(work, complaint, COMPLAINT.create[ComplaintAction.RECEIVE])
    if assignments and not missing_for_record(complaint):
        step = COMPLAINT.step(ComplaintState.RECEIVED, ComplaintAction.RECORD)
        complaint.state = step.to.value
        recorded(work, complaint, step)
    return complaint_id


def missing_for_record(complaint: Complaint) -> tuple[str, ...]:
    """Name the minimum data that a complaint still lacks."""
    somewhere = complaint.place_id is not None or complaint.authority_id is not None
    return rules.missing_for_record(
        has_kind=complaint.kind is not None, has_theme=bool(complaint.themes), has_place_or_authority=somewhere
    )


async def acknowledge(work: Work, complaint_id: UUID, if_match: str, sent: AcknowledgementSent) -> UUID:
    """Say what became of the acknowledgement: sent, judged unsafe, or impossible."""
    complaint = await taken(work, complaint_id, if_match)
    settled = rules.is_acknowledgement_settled(
        sent_on=sent.sent_on, is_unsafe=sent.is_unsafe, is_impossible=sent.is_impossible
    )
    if not settled:
        invalid("/sent_on", "missing", "say when it went out, or why it cannot")
    kept = complaint.acknowledgement or await acknowledgement_due(work)
    complaint.acknowledgement = {**kept, **sent.model_dump(mode="json")}
    await touch(work, complaint)
    work.record(Event("complaints.complaint.acknowledged", complaint.id, {}, confidentiality="RES", leaves=False))
    return complaint.id


#: Until here a classification is being written; afterwards it is a new one, with a reason.
_BEFORE = (ComplaintState.RECEIVED, ComplaintState.RECORDED, ComplaintState.ASSESSED)


async def classify(work: Work, complaint_id: UUID, if_match: str, sent: ClassificationSent) -> UUID:
    """Classify by set criteria; once classified, it is a reclassification and needs a reason."""
    complaint = await taken(work, complaint_id, if_match)
    state = ComplaintState(complaint.state)
    step = None if state in _BEFORE else COMPLAINT.step(state, ComplaintAction.RECLASSIFY)
    if step is not None and not sent.reason:
        invalid("/reason", "missing", "say why it is classified anew")
    themes = [theme.value for theme in sent.themes]
    least = rules.least_seriousness(themes)
    if sent.seriousness is not None and least is rules.Seriousness.CRITICAL and sent.seriousness is not least:
        invalid("/seriousness", "torture_is_critical", "an allegation of torture is critical whatever else is known")
    if sent.place_id is not None and not await projections.is_known_place(work, sent.place_id):
        invalid("/place_id", "unknown", "no place of this id is known")
    complaint.kind, complaint.themes = sent.kind.value, themes
    complaint.place_id, complaint.authority_id = sent.place_id, sent.authority_id
    complaint.seriousness = sent.seriousness.value if sent.seriousness else None
    complaint.urgency = sent.urgency.value if sent.urgency else None
    complaint.is_emblematic = sent.is_emblematic
    if sent.risk is not None:
        complaint.risk_assessment = {**sent.risk.model_dump(mode="json"), "decided_by": work.caller.person}
    if step is not None:
        refuse_incomplete(complaint)
        await seal_reason(work, complaint, sent.reason)
        recorded(work, complaint, step)
    else:
        work.record(Event("complaints.complaint.described", complaint.id, {}, confidentiality="RES", leaves=False))
    await touch(work, complaint)
    return complaint.id


def refuse_incomplete(complaint: Complaint) -> None:
    """Refuse a classification that lacks seriousness, urgency or risk."""
    refuse_missing(
        rules.missing_for_classification(
            themes=complaint.themes,
            seriousness=rules.Seriousness(complaint.seriousness) if complaint.seriousness else None,
            urgency=rules.Urgency(complaint.urgency) if complaint.urgency else None,
            has_risk_assessment=complaint.risk_assessment is not None,
        )
    )


def refuse_missing(missing: tuple[str, ...]) -> None:
    """Refuse a step with what it still needs."""
    if missing:
        told = [FieldError("", name.replace(" ", "_"), f"{name} is missing") for name in missing]
        raise Conflict(f"still missing: {', '.join(missing)}", errors=told)


async def seal_reason(work: Work, complaint: Complaint, reason: str | None) -> None:
    """Keep the reason of a step, sealed: it is written by people about people."""
    if reason:
        await narratives.seal(work, complaint.id, [(CaseTextKind.REASON, "", reason)])


async def assign(work: Work, complaint_id: UUID, if_match: str, sent: AssignmentsSent) -> UUID:
    """Say who works on a case; who is not named reads nothing of it from now on."""
    complaint = await queries.lock(work, complaint_id)
    expect(if_match, await queries.assigned(work, complaint_id))
    named = [each.person_id for each in sent.assignments]
    if set(named) & set(complaint.against_person_ids):
        raise Conflict("somebody named here is complained of", code="complained_of")
    today = await work.today()
    before = {(each["person_id"], each["role"]): each for each in complaint.assignments}
    complaint.assignments = [
        before.get((str(each.person_id), each.role.value)) or assignment(each.person_id, each.role, today)
        for each in sent.assignments
    ]
    complaint.assigned_ids = sorted(set(named))
    await touch(work, complaint)
    told = {"person_ids": [str(each) for each in complaint.assigned_ids]}
    work.record(Event("complaints.complaint.assigned", complaint.id, told, confidentiality="RES", leaves=False))
    return complaint.id


async def taken(work: Work, complaint_id: UUID, if_match: str) -> Complaint:
    """Take a case that the caller may see for a change, in the version that was read."""
    complaint = await queries.lock(work, complaint_id)
    expect(if_match, await queries.in_full(work, complaint_id))
    return complaint

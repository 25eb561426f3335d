"""What people do with consents: add one, take one back. A withdrawal counts from the next statement on."""

from typing import Any
from uuid import UUID, uuid4

from services.complaints.complaints import queries as complaints
from services.complaints.consents import queries, rules
from services.complaints.consents.rules import CONSENT, ConsentAction, ConsentState
from services.complaints.consents.schemas import ConsentCreate, ConsentTransition
from services.complaints.consents.tables import Consent
from services.complaints.narratives.usecases import keys
from shared.db import Work
from shared.errors import invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch

_ACTS = {
    ConsentState.GIVEN: ConsentAction.GIVE,
    ConsentState.REFUSED: ConsentAction.REFUSE,
    ConsentState.NOT_OBTAINABLE: ConsentAction.MARK_NOT_OBTAINABLE,
}


async def add_consent(work: Work, complaint_id: UUID, new: ConsentCreate) -> UUID:
    """Add what a person said when asked; OPCAT Art. 21: express, informed, for named purposes and recipients."""
    complaint = await complaints.lock(work, complaint_id)
    if new.person_ref is not None and new.person_ref not in complaint.person_refs:
        invalid("/person_ref", "unknown", "the case refers to no such person")
    if new.state is ConsentState.GIVEN:
        _refuse_vague(new)
    if new.state is ConsentState.NOT_OBTAINABLE and new.not_obtainable_reason is None:
        invalid("/not_obtainable_reason", "missing", "say why the person cannot be asked")
    return await keep(work, complaint_id, new.model_dump(mode="python"))


def _refuse_vague(new: ConsentCreate) -> None:
    missing = rules.missing_for_giving(
        purposes=new.purposes, recipients=new.recipients, informed_points=new.informed_points
    )
    if missing:
        invalid("/informed_points" if new.purposes and new.recipients else "/purposes", "missing", "; ".join(missing))
    if new.given_on is None:
        invalid("/given_on", "missing", "say when it was given")


async def keep(work: Work, complaint_id: UUID, told: dict[str, Any]) -> UUID:
    """Keep a consent of a case; an older one for the same purposes is superseded."""
    state = ConsentState(told["state"])
    consent = Consent(
        **await stamps(work),
        **{name: _codes(value) for name, value in told.items() if name != "state"},
        case_id=complaint_id,
        state=state.value,
    )
    consent.id, consent.confidentiality = uuid4(), "RES"
    work.session.add(consent)
    await work.flush()
    if state is ConsentState.GIVEN:
        await queries.supersede(work, complaint_id, consent.person_ref, consent.purposes, consent.id)
    fact = CONSENT.step(CONSENT.initial, _ACTS[state]).event
    work.record(Event(fact, consent.id, {"case_id": complaint_id}, confidentiality="RES", leaves=False))
    return consent.id


def _codes(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [str(each.value if hasattr(each, "value") else each) for each in value]
    return value.value if hasattr(value, "value") else value


async def transition_consent(
    work: Work, complaint_id: UUID, consent_id: UUID, if_match: str, order: ConsentTransition
) -> UUID:
    """Take a consent back: what rests on it and has not begun is cancelled, what has begun is flagged."""
    work.require_action(order.action.value)
    await complaints.lock(work, complaint_id)
    consent = await queries.lock(work, complaint_id, consent_id)
    expect(if_match, await queries.in_full(work, complaint_id, consent_id))
    step = CONSENT.step(ConsentState(consent.state), ConsentAction(order.action.value))
    consent.state, consent.withdrawn_on = step.to.value, await work.today()
    await touch(work, consent)
    await note_withdrawal(work, complaint_id)
    return consent.id


async def note_withdrawal(work: Work, complaint_id: UUID) -> None:
    """Write a withdrawal into the ledger outside the database and into the journal, before it commits."""
    await keys(work).note("consent_withdrawn", f"case:{complaint_id}", at=str(await work.today()))
    work.record(Event("complaints.consent.withdrawn", complaint_id, {}, confidentiality="RES", leaves=False))


async def withdraw_as_partner(work: Work, case_id: UUID) -> None:
    """Take back what holds in a case, as the partner that sent it reports."""
    if await queries.withdraw_of_case(work, case_id):
        await note_withdrawal(work, case_id)

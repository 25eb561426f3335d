"""Reporting refused access and following it up. No HTTP, no SQL, no clock of its own."""

from uuid import UUID

from services.visits.access_incidents import queries, rules
from services.visits.access_incidents.rules import ACCESS_INCIDENT, IncidentAction, IncidentGap, IncidentStatus
from services.visits.access_incidents.schemas import AccessIncidentCreate, AccessIncidentTransition
from services.visits.access_incidents.tables import AccessIncident
from services.visits.teams import queries as teams
from services.visits.visits import queries as visits
from shared.db import Work
from shared.errors import Conflict, FieldError, Forbidden, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch


def _recorded(work: Work, name: str, incident: AccessIncident) -> None:
    values = {
        "place_id": str(incident.place_id),
        "visit_id": str(incident.visit_id) if incident.visit_id else None,
        "kind": incident.kind,
        "state": incident.status,
        "authority_id": str(incident.authority_id) if incident.authority_id else None,
        "is_serious": incident.is_serious,
        "opcat_article": incident.opcat_article,
    }
    work.record(Event(name, incident.id, values))


async def report_incident(work: Work, new: AccessIncidentCreate) -> UUID:
    """Report refused, delayed or limited access; while it is serious and open it lifts the priority of the place."""
    if new.visit_id is not None:
        await visits.require_visible(work, new.visit_id)
        if new.place_id not in {row["place_id"] for row in await visits.places_of(work, new.visit_id)}:
            invalid("/place_id", "not_a_place", "this is no place of the visit")
    elif new.place_id not in await visits.known_places(work, [new.place_id]):
        invalid("/place_id", "unknown_place", "the register has no place of this id")
    if new.occurred_on > await work.today():
        invalid("/occurred_on", "in_future", "it has not happened yet")
    step = ACCESS_INCIDENT.create[IncidentAction.REPORT]
    incident = AccessIncident(
        **new.model_dump(mode="python", exclude={"account", "kind"}),
        **await stamps(work),
        kind=new.kind.value,
        account=new.account or "",
        status=step.to.value,
        opcat_article=rules.OPCAT_ARTICLES.get(new.kind),
    )
    work.session.add(incident)
    _recorded(work, step.event, incident)
    return incident.id


async def transition_incident(work: Work, incident_id: UUID, if_match: str, order: AccessIncidentTransition) -> UUID:
    """Raise, resolve, escalate, reopen or close an access incident."""
    work.require_action(order.action.value)
    incident = await queries.lock(work, incident_id)
    expect(if_match, await queries.in_full(work, incident_id))
    step = ACCESS_INCIDENT.step(IncidentStatus(incident.status), order.action)
    functions = frozenset[str]()
    if incident.visit_id is not None:
        functions = await teams.functions_of(work, incident.visit_id, visits.person(work))
    if not step.by & (work.caller.roles | functions):
        raise Forbidden
    given = {
        IncidentGap.AUTHORITY: str(order.authority_id or incident.authority_id or ""),
        IncidentGap.CHANNEL: order.channel or "",
        IncidentGap.GROUND: order.ground or "",
        IncidentGap.RETAINED_CHANNEL: order.retained_channel or "",
        IncidentGap.RESULT: order.result or "",
        IncidentGap.REASON: order.reason or "",
    }
    gaps = rules.action_gaps(order.action, IncidentStatus(incident.status), given)
    if gaps:
        errors = [FieldError("", gap.value, gap.label) for gap in gaps]
        raise Conflict("; ".join(gap.label for gap in gaps), errors=errors)
    incident.status = step.to.value
    incident.authority_id = order.authority_id or incident.authority_id
    for name in ("channel", "ground", "retained_channel", "result"):
        setattr(incident, name, getattr(order, name) or getattr(incident, name))
    incident.last_reason = order.reason or ""
    await touch(work, incident)
    _recorded(work, step.event, incident)
    return incident.id

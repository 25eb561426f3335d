"""The work that no outsider may notice: complaints about a place, what is worked out of them, and a visit nobody expects."""

from deploy.demo.country import ids
from deploy.demo.country.places import PATTERN_PLACE, SILENT_PLACE
from tests.harm import plant_complaints
from tests.harm.canaries import Canaries
from tests.harm.plant_work import Made
from tests.people import People
from tests.recommendations.conftest import DRAFT
from tests.visits.story import EXPERT, HEAD, MEMBER, STAFF, give, preparation, put, today


async def done(people: People, made: Made) -> None:
    """Do all of it, as partner, complaints officer, staff and head."""
    await plant_complaints.plant(people, Canaries())
    officer, head, staff = await people.as_("complaints-officer"), await people.as_("head"), await people.as_("staff")
    await officer.made("/npm/analysis-runs", None)
    await readied_visit(people)
    await _weighed(people, made)
    await staff.made("/npm/recommendations", {**DRAFT, "scope": {"kind": "place", "place_ids": [SILENT_PLACE]}})
    told = {"source_kind": "media", "kind": "concern", "text": "Heard of."}
    await staff.made(f"/npm/places/{SILENT_PLACE}/information", told)
    incident = {"place_id": SILENT_PLACE, "occurred_on": str(today()), "kind": "delayed", "refused_by": "the gate"}
    await staff.made("/npm/access-incidents", incident)
    await staff.patch(f"/npm/authorities/{ids.PRISON_SERVICE}/mapping", {"influence": 2, "openness": 1})
    await staff.patch(f"/npm/places/{PATTERN_PLACE}", {"risk_flags": ["recent_death"]})
    assert (await head.post("/npm/priority-runs")).status_code == 201


async def readied_visit(people: People) -> str:
    """Plan, prepare and ready an unannounced visit for today; gives its id."""
    head, staff = await people.as_("head"), await people.as_("staff")
    new = {
        "type": "in_depth", "purposes": ["regular_monitoring"], "announcement": "unannounced",
        "places": [{"place_id": SILENT_PLACE}], "days": [str(today())], "lead_id": STAFF,
    }  # fmt: skip
    visit = await head.made("/npm/visits", new)
    path = f"/npm/visits/{visit['id']}"
    await head.done(path, "plan")
    for who, role in ((STAFF, "drafter"), (HEAD, "approver"), (MEMBER, "authority_contact")):
        await give(staff, visit, who, role)
    await give(staff, visit, EXPERT, "team_member", tasks=["health care"])
    await staff.done(path, "prepare")
    assert (await put(staff, "preparation", visit, preparation(STAFF, EXPERT))).status_code == 200
    await staff.done(path, "confirm")
    return str(visit["id"])


async def _weighed(people: People, made: Made) -> None:
    """Assess what was sent to the authority, and draft a step against it."""
    staff = await people.as_("staff")
    path = made.recommendation.replace("/authority/", "/npm/")
    new = {"kind": "third_party", "cited_from": "a file", "observed_on": str(today()), "claim": "Not so."}
    shown = await staff.made(f"{path}/evidence", new)
    listed = await staff.read(f"{path}/assessments")
    if not any(each["state"] in ("opened", "gathering", "proposed") for each in listed["items"]):
        proposal = {"status": "not_implemented", "note": "Seen otherwise.", "evidence_ids": [shown["id"]]}
        await staff.made(f"{path}/assessments", {"proposal": proposal})
    deputy = await people.as_("deputy-head")
    for each in (await staff.read(f"{path}/assessments"))["items"]:
        if each["state"] == "proposed":
            # the record itself changes now, in members that the authority has no view of
            await deputy.done(f"{path}/assessments/{each['id']}", "approve")
    assert (await staff.read(path))["implementation"]["status"] == "not_implemented"
    step = {"authority_id": ids.PRISON_SERVICE, "step": "technical_meeting", "ground": "urgent_serious"}
    recommendation = path.rpartition("/")[2]
    await staff.post("/npm/escalations", {**step, "recommendation_ids": [recommendation]})

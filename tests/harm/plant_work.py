"""Plants canaries in the NPM's own work: visits, reports, recommendations, dialogue, and what others send to each."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from deploy.demo.country import ids
from deploy.demo.country.places import PATTERN_PLACE
from deploy.postgres.server import Server
from services.recommendations.reactions import FEEDS
from shared.db import Database
from shared.inbox import Received
from tests.harm.canaries import Canaries
from tests.people import People
from tests.recommendations.conftest import DRAFT
from tests.visits.plans.test_api import STRATEGY
from tests.visits.reports.arranged import HELD
from tests.visits.story import EXPERT, HEAD, MEMBER, STAFF, give, preparation, put, today

AUTHORITY = ("authority-official", "focal-point", "authority-validator")
A_PLACE = {"id": PATTERN_PLACE}


@dataclass
class Made:
    """Paths of what was made, as those who own it know them."""

    visit: str = ""
    finding: str = ""
    report: str = ""
    comment: str = ""
    correction: str = ""
    recommendation: str = ""
    response: str = ""
    extension: str = ""
    draft: str = ""
    remark: str = ""
    information: str = ""
    conflict: str = ""


async def plant(people: People, canaries: Canaries, cluster: Server) -> Made:
    """Do a little of everything, with a canary in each field that takes words."""
    made = Made()
    await _information(people, canaries, made)
    visit = await _visit(people, canaries, made)
    await _report(people, canaries, made, visit)
    await _on_the_team(cluster, visit["id"])
    await _recommendations(people, canaries, made, visit)
    await _dialogue(people, canaries, made)
    await _around_visits(people, canaries)
    return made


async def _information(people: People, canaries: Canaries, made: Made) -> None:
    cso, staff = await people.as_("cso"), await people.as_("staff")
    table = ["visits.place_information"]
    told = {"place_id": PATTERN_PLACE, "kind": "concern", "text": canaries.s3("information", table, "npm", "cso")}
    shown = await cso.made("/partner/place-information", told)
    made.information = f"/partner/place-information/{shown['id']}"
    own = {"source_kind": "media", "kind": "concern", "text": canaries.s3("own information", table, "npm")}
    await staff.made(f"/npm/places/{PATTERN_PLACE}/information", own)


async def _visit(people: People, canaries: Canaries, made: Made) -> dict[str, Any]:
    """Carry out an unannounced visit today, with the expert on its team."""
    head, staff, row = await people.as_("head"), await people.as_("staff"), ["visits.visit"]
    new = {
        "type": "in_depth", "purposes": ["regular_monitoring"], "announcement": "unannounced",
        "places": [{"place_id": PATTERN_PLACE}], "days": [str(today())], "lead_id": STAFF,
    }  # fmt: skip
    visit = await head.made("/npm/visits", new)
    path = made.visit = f"/npm/visits/{visit['id']}"
    await head.done(path, "plan")
    for who, role in ((STAFF, "drafter"), (HEAD, "approver"), (MEMBER, "authority_contact")):
        await give(staff, visit, who, role)
    await give(staff, visit, EXPERT, "team_member", tasks=[canaries.s3("task", ["visits.visit_role"], "npm", "expert")])
    await staff.done(path, "prepare")
    plan = {
        **preparation(STAFF, EXPERT),
        "interview_strategy": canaries.s3("interview strategy", row, "npm"),
        "documents": [canaries.s3("document to read", row, "npm")],
        "interview_plan": [{"unit": canaries.s3("unit", row, "npm", "expert"), "unit_population": 80, "cover_count": 12}],
    }  # fmt: skip
    answer = await put(staff, "preparation", visit, plan)
    assert answer.status_code == 200, answer.text
    await staff.done(path, "confirm")
    await staff.done(path, "start")
    session = {"place_id": PATTERN_PLACE, "on": str(today()), "present_ids": [STAFF, EXPERT]}
    await staff.made(f"{path}/sessions", {**session, "area": canaries.s3("area of a session", row, "npm")})
    for kind in ("opening", "closing"):
        talk = {"place_id": PATTERN_PLACE, "kind": kind, "on": str(today())}
        points = [canaries.s3(f"point of the {kind} talk", row, "npm")]
        promised = [canaries.s3(f"promise of the {kind} talk", row, "npm")]
        await staff.made(f"{path}/meetings", {**talk, "points": points, "commitments": promised})
    await _finding(people, canaries, made)
    await staff.done(path, "finish")
    debriefing = {
        "on": str(today()), "participant_ids": [STAFF],
        "lessons": [canaries.s3("lesson", row, "npm")],
        "expert_inputs": [{"person_id": EXPERT, "text": canaries.s3("expert's input", row, "npm")}],
    }  # fmt: skip
    assert (await put(staff, "debriefing", visit, debriefing)).status_code == 200
    return await staff.done(path, "debrief")


async def _finding(people: People, canaries: Canaries, made: Made) -> None:
    staff = await people.as_("staff")
    finding = {
        "place_id": PATTERN_PLACE, "theme": "overcrowding", "text": canaries.s3("finding", ["visits.finding"], "npm"),
        "severity": 3, "root_cause_level": "resources", "sources": ["observation", "register_or_document"],
    }  # fmt: skip
    made.finding = (await staff.made(f"{made.visit}/findings", finding))["id"]


async def _report(people: People, canaries: Canaries, made: Made, visit: dict[str, Any]) -> None:
    """Draft a report, let the expert comment, and send the draft to the authority, which corrects a fact."""
    staff, head, expert = await people.as_("staff"), await people.as_("head"), await people.as_("expert")
    official = await people.as_("authority-official")
    told = ["visits.report", "visits.report_snapshot"]
    section = canaries.s3("section", told, "npm", "expert", *AUTHORITY)
    annex = canaries.s3("annex", ["visits.report"], "npm")
    written = {
        "kind": "visit", "title": "Visit to a remand prison", "visit_ids": [visit["id"]],
        "sections": [{"heading": "Cells", "text": section, "author_id": STAFF}],
        "annex": [{"heading": "Annex", "text": annex}], "fact_items": [HELD], "finding_ids": [made.finding],
    }  # fmt: skip
    report = await staff.made("/npm/reports", written)
    path = f"/npm/reports/{report['id']}"
    await staff.done(path, "submit")
    remark = canaries.s3("expert's comment", ["visits.report_comment"], "npm", "expert")
    comment = await expert.made(f"/expert/reports/{report['id']}/comments", {"text": remark})
    made.comment = f"/expert/reports/{report['id']}/comments/{comment['id']}"
    await head.done(path, "clear")
    recipients = [{"authority_id": ids.PRISON_SERVICE, "is_channel_safe": True}]
    await head.done(path, "share_draft", recipients=recipients, is_marked_confidential=True)
    listed = (await official.read("/authority/reports"))["items"]
    shown = await official.read(f"/authority/reports/{next(each['id'] for each in listed)}")
    made.report = f"/authority/reports/{shown['id']}"
    evidence = canaries.s3("evidence of a correction", ["visits.factual_correction"], "npm", *AUTHORITY)
    [fact] = shown["fact_items"]
    proposed = {"target_id": fact["id"], "proposed_value": "398", "evidence": evidence}
    correction = await official.made(f"{made.report}/corrections", proposed)
    made.correction = f"{made.report}/corrections/{correction['id']}"


async def _on_the_team(cluster: Server, visit_id: str) -> None:
    """Tell the recommendations that the expert is on the team: what visits tell of it names nobody yet."""
    database = Database(cluster.url("recommendations_app", "recommendations"), service="recommendations", pool_size=1)
    told_of_it = {"place_ids": [PATTERN_PLACE], "expert_ids": [EXPERT]}
    told = Received(1, uuid4().hex, "visits.visit.readied", visit_id, today(), told_of_it)
    try:
        async with database.inside("worker", operation="consume") as work:
            await FEEDS["visits"]["visits.visit.readied"](work, told)
    finally:
        await database.close()


async def _recommendations(people: People, canaries: Canaries, made: Made, visit: dict[str, Any]) -> None:
    """One that is a draft, with the expert's comment, and one that is sent and that the authority begins to answer."""
    staff, head, expert = await people.as_("staff"), await people.as_("head"), await people.as_("expert")
    row = ["recommendations.recommendation"]
    basis = canaries.s3("stated basis", row, "npm")
    rationale = canaries.s3("rationale of a draft", row, "npm", "expert")
    draft = await staff.made(
        "/npm/recommendations", {**DRAFT, "visit_id": visit["id"], "rationale": rationale, "stated_basis": basis}
    )
    made.draft = f"/expert/recommendations/{draft['id']}"
    remark = canaries.s3("comment on a draft", ["recommendations.draft_comment"], "npm", "expert")
    shown = await expert.made(f"{made.draft}/comments", {"text": remark})
    made.remark = f"{made.draft}/comments/{shown['id']}"
    to_one = [{"authority_id": ids.PRISON_SERVICE, "role": "lead", "working_days": 30}]
    basis = canaries.s3("basis", row, "npm")
    sent = await staff.made("/npm/recommendations", {**DRAFT, "addressees": to_one, "stated_basis": basis})
    path = f"/npm/recommendations/{sent['id']}"
    await staff.done(path, "submit")
    await head.done(path, "approve")
    await head.done(path, "transmit")
    made.recommendation = f"/authority/recommendations/{sent['id']}"
    await _answered(people, canaries, made)
    claim = canaries.s3("evidence", ["recommendations.evidence"], "npm")
    new = {"kind": "third_party", "cited_from": "a file", "observed_on": str(today()), "claim": claim}
    seen = await staff.made(f"{path}/evidence", new)
    note = canaries.s3("note of an assessment", ["recommendations.assessment"], "npm")
    proposal = {"status": "not_implemented", "note": note, "evidence_ids": [seen["id"]]}
    await staff.made(f"{path}/assessments", {"proposal": proposal})
    step = {"authority_id": ids.PRISON_SERVICE, "step": "technical_contact", "ground": "urgent_serious"}
    taken = await staff.made("/npm/escalations", {**step, "recommendation_ids": [sent["id"]]})
    channel = {
        "id": ids.HEALTH_DEPARTMENT,
        "name": canaries.s3("retained channel", ["recommendations.escalation"], "npm"),
    }
    await staff.done(f"/npm/escalations/{taken['id']}", "accept", retained_channel=channel)


async def _answered(people: People, canaries: Canaries, made: Made) -> None:
    """Begin an answer that is not sent, and ask for more time."""
    official, validator = await people.as_("authority-official"), await people.as_("authority-validator")
    row = ["recommendations.authority_response"]
    answer = {
        "position": "accepted",
        "reasons": canaries.s3("reasons of a draft answer", row, *AUTHORITY),
        "needs": canaries.s3("needs of a draft answer", row, *AUTHORITY),
        "measures": [{"text": canaries.s3("measure of a draft answer", row, *AUTHORITY)}],
    }
    version = await official.made(f"{made.recommendation}/responses", answer)
    made.response = f"{made.recommendation}/responses/{version['id']}"
    due_on = (await validator.read(made.recommendation))["due_on"]
    until = str(date.fromisoformat(due_on) + timedelta(days=20))
    reason = canaries.s3("reason for more time", ["recommendations.extension_request"], "npm", *AUTHORITY)
    asked = await validator.made(f"{made.recommendation}/extension-requests", {"asked_until": until, "reason": reason})
    made.extension = f"{made.recommendation}/extension-requests/{asked['id']}"


async def _dialogue(people: People, canaries: Canaries, made: Made) -> None:
    """Write into the directory and the log, and let the expert declare a conflict that is none of the tests' own."""
    staff, expert = await people.as_("staff"), await people.as_("expert-two")
    contact = {
        # an authority reads who stands for it in the directory, and nothing of what is noted there
        "name": canaries.s3("contact", ["stakeholders.contact"], "npm", "authority-official-two"),
        "notes": canaries.s3("notes on a contact", ["stakeholders.contact"], "npm"),
        "position_on_issue": canaries.s3("position of a contact", ["stakeholders.contact"], "npm"),
        "safe_channels": [{"kind": "phone", "value": canaries.s3("safe channel", ["stakeholders.contact"], "npm")}],
    }
    await staff.made(f"/npm/authorities/{ids.POLICE_DIRECTORATE}/contacts", contact)
    talk = {
        "action": "log", "format": "bilateral", "channel": "in_person", "timing": "beyond_visits", "purposes": ["thematic"],
        "held_on": str(today()), "counterpart_ids": [ids.PRISON_SERVICE], "participant_ids": [STAFF],
        "summary": canaries.s3("summary of a talk", ["stakeholders.engagement"], "npm"), "is_shared_in_confidence": True,
        "outcomes": [{"kind": "challenge", "text": canaries.s3("outcome of a talk", ["stakeholders.engagement"], "npm")}],
    }  # fmt: skip
    await staff.made("/npm/engagements", talk)
    story = canaries.s3("story of a conflict", ["stakeholders.conflict_declaration"], "head", "data-protection-officer", "expert-two")  # fmt: skip
    declared = {"kind": "personal_or_family_tie", "target_kind": "authority", "target_id": ids.POLICE_DIRECTORATE}
    shown = await expert.made("/expert/conflicts", {**declared, "explanation": story})
    made.conflict = f"/expert/conflicts/{shown['id']}"


async def _around_visits(people: People, canaries: Canaries) -> None:
    """Note an incident, begin a plan and propose a visit."""
    staff = await people.as_("staff")
    row = ["visits.access_incident"]
    incident = {
        "place_id": PATTERN_PLACE, "occurred_on": str(today()), "kind": "delayed",
        "refused_by": canaries.s3("who refused", row, "npm"), "account": canaries.s3("account of a refusal", row, "npm"),
    }  # fmt: skip
    await staff.made("/npm/access-incidents", incident)
    await staff.made("/npm/plans", {**STRATEGY, "mission": canaries.s3("mission of a plan", ["visits.plan"], "npm")})
    proposal = {
        "place_id": PATTERN_PLACE, "trigger": "issue_of_concern", "purpose": "issue_of_concern", "due_on": str(today()),
        "rationale": canaries.s3("rationale of a proposal", ["visits.visit_proposal"], "npm"),
    }  # fmt: skip
    await staff.made("/npm/visit-proposals", {**proposal, "trigger": "information"})

"""Step 4: the head adopts the plan; a visit is prepared and carried out, and who has a conflict of interest stays away."""

from datetime import timedelta
from typing import Any

from deploy.demo.country.ids import EXPERT, HEAD, MEMBER, STAFF
from deploy.demo.story.scene import Story
from deploy.demo.story.stage import Shown, expect, insist, refused

WORDS = {
    "mission": "Prevent ill-treatment.", "vision": "Nobody is harmed in custody.", "principles": ["do no harm"],
    "mandate_text": "Optional Protocol, Part IV", "legal_basis": "Act on the NPM, section 3",
}  # fmt: skip


async def play(story: Story) -> None:
    """Adopt, prepare, carry out."""
    gaps, plan = await _plan(story)
    visit, reason = await _prepared(story)
    unseen = await story.audiences.ask(f"visits/{visit['id']}", {"expert": 200})
    finished = await _carried_out(story, visit)
    story.known["visit"] = finished
    team = ", ".join(each["person"]["name"] for each in finished["team"] if each["role"] in ("lead", "team_member"))
    story.tell(
        f"4. Visit: plan {plan['code']} refused for {gaps} gaps, then {plan['status']}. Visit {finished['code']} to "
        f"{story.place['name']} with {team}; the third expert refused: {reason}. {len(finished['sessions'])} session, "
        f"{len(finished['meetings'])} meetings, debriefed: {finished['status']}."
    )
    story.tell(f"   before it began {unseen}")
    seen = {"authority A": 200, "expert": 200}
    story.tell("   since it began " + await story.audiences.ask(f"visits/{visit['id']}", seen))
    shown = await story.stage.as_("authority-official").read(f"/authority/visits/{visit['id']}")
    expect("what authority A is shown of a visit", {"id", "code", "places", "started_on", "days", "origin"}, set(shown))


async def _plan(story: Story) -> tuple[int, Shown]:
    """Open a bare plan, be refused with its gaps, fill them, adopt."""
    head, staff, day = story.stage.as_("head"), story.stage.as_("staff"), str(story.today)
    bare = {
        "kind": "strategic", "title": f"Strategy {story.run}", "from_on": day,
        "to_on": str(story.today + timedelta(days=700)), "team_sessions": [{"on": day, "participant_ids": [STAFF]}],
    }  # fmt: skip
    path = f"/npm/plans/{(await staff.made('/npm/plans', bare))['id']}"
    await staff.done(path, "draft")
    await staff.done(path, "finalise")
    gaps = refused(await head.act(path, "adopt"), f"POST {path}/transitions adopt", 409)
    await staff.patch(path, {**WORDS, "author_ids": [STAFF], **_aims(story)})
    expect(
        f"POST {path}/transitions adopt as member",
        403,
        (await story.stage.as_("member").act(path, "adopt")).status_code,
    )
    return len(gaps), await head.done(path, "adopt")


def _aims(story: Story) -> Shown:
    day = str(story.today)
    risk = {"theme": story.theme, "root_cause_level": "resources", "likelihood": 4, "impact": 3}
    indicator = {
        "question": "Days until somebody comes", "baseline": "9", "target": "1", "source": "registers", "frequency": "quarterly",
    }  # fmt: skip
    objective = {
        "id": "o1", "text": f"Better {story.theme_words}", "kind": "detention_change", "themes": [story.theme],
        "rationale": "Complaints pile up.", "assumptions": ["posts are filled"], "place_types": [story.place["place_type"]],
        "indicators": [indicator],
    }  # fmt: skip
    return {
        "risk_analysis": {"from_on": day, "to_on": day, "frozen_on": day, "findings": [risk]},
        "objectives": [objective],
    }


async def _prepared(story: Story) -> tuple[Shown, str]:
    """Bring a visit to the point where it is ready, with the expert and without the one who has a conflict."""
    head, staff, day = story.stage.as_("head"), story.stage.as_("staff"), str(story.today)
    new = {
        "type": "in_depth", "purposes": ["regular_monitoring", "issue_of_concern"], "announcement": "unannounced",
        "places": [{"place_id": story.place_id}], "days": [day], "lead_id": STAFF,
    }  # fmt: skip
    path = f"/npm/visits/{(await head.made('/npm/visits', new))['id']}"
    await head.done(path, "plan")
    for person, role in ((STAFF, "drafter"), (HEAD, "approver"), (MEMBER, "authority_contact")):
        await staff.made(f"{path}/team", {"person_id": person, "role": role})
    barred = {"person_id": story.barred_expert, "role": "team_member", "tasks": ["health care"]}
    answer = await staff.send("POST", f"{path}/team", json=barred)
    reason = refused(answer, f"POST {path}/team with the expert who has a conflict", 409, "conflict")[0]
    await staff.made(f"{path}/team", {"person_id": EXPERT, "role": "team_member", "tasks": ["health care"]})
    await staff.done(path, "prepare")
    await staff.put(path, "preparation", _preparation(story))
    ready = await staff.done(path, "confirm")
    expect(f"POST {path}/transitions confirm: status", "ready", ready["status"])
    return ready, reason


def _preparation(story: Story) -> Shown:
    return {
        "issues": [story.theme_words], "required_expertise": ["general_medicine"], "is_expertise_checked": True,
        "interview_strategy": "Everybody of one wing, so that nobody stands out.",
        "participations": [{"person_id": person, "on": str(story.today)} for person in (STAFF, EXPERT)],
        "interview_plan": [{"unit": "Wing A", "unit_population": 80, "cover_count": 12}],
    }  # fmt: skip


async def _carried_out(story: Story, visit: Shown) -> Shown:
    staff, path, day = story.stage.as_("staff"), f"/npm/visits/{visit['id']}", str(story.today)
    at: dict[str, Any] = {"place_id": story.place_id, "on": day}
    await staff.done(path, "start")
    session = {**at, "area": "Wing A", "present_ids": [STAFF, EXPERT]}
    alone = await staff.send("POST", f"{path}/sessions", json={**session, "present_ids": [EXPERT]})
    refused(alone, f"POST {path}/sessions with the expert alone", 409, "expert_alone")
    await staff.made(f"{path}/sessions", session)
    refused(await staff.act(path, "finish"), f"POST {path}/transitions finish without meetings", 409, "meetings")
    for kind in ("opening", "closing"):
        await staff.made(f"{path}/meetings", {**at, "kind": kind, "with_whom": "the director"})
    finding = {
        "place_id": story.place_id, "theme": story.theme, "severity": 3, "root_cause_level": "resources",
        "text": f"{story.theme_words.capitalize()}: requests are answered after nine days.",
        "sources": ["observation", "interview_staff", "register_or_document"],
    }  # fmt: skip
    story.known["finding"] = await staff.made(f"{path}/findings", finding)
    insist(story.known["finding"]["is_triangulated"], "POST findings: expected a finding from three kinds of source")
    await staff.done(path, "finish")
    told = {
        "on": day,
        "participant_ids": [STAFF],
        "expert_inputs": [{"person_id": EXPERT, "text": "One nurse for all."}],
    }
    await staff.put(path, "debriefing", told)
    return await staff.done(path, "debrief")

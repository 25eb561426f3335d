"""Step 6: two authorities, each with its own deadline in working days; one answers, the other is late."""

from datetime import date, timedelta

from deploy.demo.country.wording import ASKED
from deploy.demo.story.scene import Story
from deploy.demo.story.stage import Shown, expect, insist, refused, until

QUALITIES = (
    "specific", "measurable", "achievable", "results_oriented", "time_bound", "solution_suggestive", "mindful_of_priority",
    "argued", "root_cause_responsive", "targeted",
)  # fmt: skip
WORKING_DAYS = {"A": 20, "B": 5}


async def play(story: Story) -> None:
    """Send, let one answer, let time pass, escalate against the other."""
    recommendation = await _sent(story)
    path = f"/npm/recommendations/{recommendation['id']}"
    due_a, due_b = _owed(recommendation, story.authority_a), _owed(recommendation, story.authority_b)
    # the expert of that visit reads what came out of it; the other expert finds nothing
    seen = {"authority A": 200, "authority B": 200, "expert": 200, "public": 200}
    early = await story.audiences.ask(f"recommendations/{recommendation['id']}", seen)
    await _answered(story, recommendation)
    await pass_time(story, date.fromisoformat(due_b["due_on"]) - story.today + timedelta(days=1))
    late = _owed(await story.stage.as_("staff").read(path), story.authority_b)
    expect(f"GET {path} after the day: authority B overdue", True, late["is_overdue"])
    suggestion, taken = await _escalated(story, recommendation)
    story.tell(
        f"6. Recommendation {recommendation['code']} to {due_a['authority']['name']} (due {due_a['due_on']}) and "
        f"{due_b['authority']['name']} (due {due_b['due_on']}); A answered, claims implemented. On {story.today} B is overdue; "
        f"suggested: {suggestion['step']} ({suggestion['reason']}); {taken['state']}, open stays {taken['retained_channel']['name']}."
    )
    for each in story.more_addressees:
        owed = _owed(recommendation, each["id"])
        story.tell(f"   a real institution is addressed beside them: {each['name']}, due {owed['due_on']}; it has no token here, so "
                   "the two made-up authorities stand in for who answers and who is late")  # fmt: skip
    story.tell(f"   the deadline says: “{due_b['deadline']['sentence']}”")
    story.tell(f"   sent and published {early}")
    story.tell("   " + await story.audiences.ask(f"escalations/{taken['id']}"))


async def _sent(story: Story) -> Shown:
    """Draft, be refused half-done, approve by a second person, transmit and publish."""
    staff, head = story.stage.as_("staff"), story.stage.as_("head")
    path = f"/npm/recommendations/{(await staff.made('/npm/recommendations', _draft(story)))['id']}"
    hidden = await story.stage.as_("authority-official").send("GET", f"/authority{path[4:]}")
    expect("GET /authority/recommendations of a draft", 404, hidden.status_code)
    await staff.done(path, "submit")
    await head.done(path, "approve")
    sent = await head.done(path, "transmit")
    published = await head.done(path, "publish", next_follow_up_on=str(story.today + timedelta(days=90)))
    insist(published["published_on"], f"POST {path}/transitions publish: expected a day, seen none")
    story.known["recommendation"] = sent
    return sent


def _draft(story: Story) -> Shown:
    return {
        "text": {"en": ASKED.get(story.theme, f"Put {story.theme_words} right within a month.")},
        "rationale": "Requests were answered after nine days.", "expected_result": "Within a day, on record.",
        "arose_from": "visit", "visit_id": story.known["visit"]["id"], "finding_ids": [story.known["finding"]["id"]],
        "scope": {"kind": "place", "place_ids": [story.place_id]}, "theme": story.theme, "priority": "high",
        "root_cause_level": "resources", "quality": dict.fromkeys(QUALITIES, True),
        "addressees": [
            {"authority_id": story.authority_a, "role": "lead", "working_days": WORKING_DAYS["A"]},
            {"authority_id": story.authority_b, "role": "contributing", "working_days": WORKING_DAYS["B"]},
            *({"authority_id": each["id"], "role": "contributing"} for each in story.more_addressees),
        ],
    }  # fmt: skip


def _owed(recommendation: Shown, authority_id: str) -> Shown:
    owed: Shown = next(each for each in recommendation["addressees"] if each["authority"]["id"] == authority_id)
    return owed


async def _answered(story: Story, recommendation: Shown) -> None:
    """Let an official of authority A draft, and its validator submit."""
    path = f"/authority/recommendations/{recommendation['id']}/responses"
    content = {"position": "accepted", "measures": [{"text": "A second nurse"}], "claimed_status": "implemented"}
    official, other = story.stage.as_("authority-official"), story.stage.as_("authority-official-two")
    version = await official.made(path, content)
    unseen = await other.send("GET", f"{path}/{version['id']}")
    expect("GET the draft answer of authority A as authority B", 404, unseen.status_code)
    refused(await official.act(f"{path}/{version['id']}", "submit"), f"POST {path} submit as official", 403)
    await story.stage.as_("authority-validator").done(f"{path}/{version['id']}", "submit")


async def pass_time(story: Story, span: timedelta) -> None:
    """Move the development clock, and read today's day anew."""
    staff = story.stage.as_("staff")
    answer = await staff.send("POST", "/npm/development/clock", json={"advance": f"P{span.days}D"})
    expect("POST /npm/development/clock", 200, answer.status_code)
    story.today = date.fromisoformat(str((await staff.read("/npm/dashboards/implementation"))["as_of"]))


async def _escalated(story: Story, recommendation: Shown) -> tuple[Shown, Shown]:
    """Take the suggestion for authority B, with a channel that stays open."""
    staff, head = story.stage.as_("staff"), story.stage.as_("head")

    async def suggested() -> Shown | None:
        items = (await staff.read("/npm/escalations/suggestions"))["items"]
        mine = [each for each in items if recommendation["id"] in str(each["recommendations"])]
        return mine[0] if mine else None

    suggestion = await until("GET /npm/escalations/suggestions: one for the overdue answer", suggested)
    assert suggestion is not None
    new = {"authority_id": story.authority_b, "step": suggestion["step"], "recommendation_ids": [recommendation["id"]]}
    if suggestion["needs_head"]:
        new |= {"path": "other_bodies", "ground": "prolonged_non_engagement"}
    path = f"/npm/escalations/{(await staff.made('/npm/escalations', new))['id']}"
    refused(await staff.act(path, "accept"), f"POST {path}/transitions accept without a channel", 409)
    taken = await staff.done(path, "accept", retained_channel=await _channel(story))
    if suggestion["needs_head"]:
        refused(await staff.act(path, "carry_out"), f"POST {path}/transitions carry_out before the head", 409)
        taken = await head.done(path, "approve", is_harm_checked=True)
    return suggestion, taken


async def _channel(story: Story) -> Shown:
    contacts = (await story.stage.as_("staff").read(f"/npm/authorities/{story.authority_b}/contacts"))["items"]
    insist(contacts, "GET contacts of authority B as staff: expected somebody to keep talking to, seen nobody")
    return {"id": contacts[0]["id"], "name": contacts[0]["name"]}

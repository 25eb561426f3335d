"""Step 5: the draft goes to the authority, which corrects a fact and nothing else; the expert comments; it is published."""

from deploy.demo.country.ids import STAFF
from deploy.demo.story.scene import Story
from deploy.demo.story.stage import Shown, expect, insist, refused

CHECKS = {
    "is_redaction_checked": True,
    "is_consent_complete": True,
    "are_translations_ready_or_waived": True,
    "is_harm_checked": True,
}


async def play(story: Story) -> None:
    """Draft, comment, correct, approve, transmit, publish."""
    staff, head = story.stage.as_("staff"), story.stage.as_("head")
    report = await staff.made("/npm/reports", _draft(story))
    path, thing = f"/npm/reports/{report['id']}", f"reports/{report['id']}"
    await staff.done(path, "submit")
    refused(await head.act(path, "approve"), f"POST {path}/transitions approve before the expert", 409, "expert_comment")
    await story.stage.as_("expert").made(f"/expert/{thing}/comments", {"text": "Say how many nurses there are at night."})
    drafted = await story.audiences.ask(thing, {"expert": 200})
    await head.done(path, "clear")
    recipient = {"authority_id": story.authority_a, "is_channel_safe": True}
    await head.done(path, "share_draft", recipients=[recipient], is_marked_confidential=True)
    only_facts = await _corrected(story, path)
    await head.done(path, "approve")
    await head.done(path, "transmit", recipients=[recipient])
    published = await head.done(path, "publish", **CHECKS)
    story.known["report"] = published
    fact = published["fact_items"][0]
    story.tell(
        f"5. Report {published['code']}: the expert commented; authority A corrected “{fact['name']}” to {fact['value']} and was "
        f"refused at a finding (422 only_facts: {only_facts}); approved, transmitted, {published['status']}."
    )
    story.tell(f"   as a draft {drafted}")
    shown = await story.stage.as_(None).read(f"/public/{thing}")
    expect("what the public is shown of a report", {"id", "code", "kind", "title", "places", "sections", "errata",
           "published_on"}, set(shown))  # fmt: skip
    story.tell("   published: public: 200, sections and errata; no fact item, finding, comment or annex")


def _draft(story: Story) -> Shown:
    visit, finding = story.known["visit"], story.known["finding"]
    return {
        "kind": "visit", "title": f"Visit to {story.place['name']}, {visit['code']}", "visit_ids": [visit["id"]],
        "sections": [{"heading": story.theme_words.capitalize(), "text": finding["text"], "author_id": STAFF}],
        "annex": [{"heading": "Annex", "text": "Where the talks were held."}],
        "fact_items": [
            {"name": "Persons held", "value": "412", "unit": "persons", "as_of": str(story.today), "supplied_by": "authority"}
        ],
        "finding_ids": [finding["id"]],
    }  # fmt: skip


async def _corrected(story: Story, path: str) -> str:
    """Let authority A correct a fact and try a finding; gives what the refusal says."""
    official, head = story.stage.as_("authority-official"), story.stage.as_("head")
    report_id = path.rpartition("/")[2]
    sent = (await head.read(f"{path}/transmissions"))["items"]
    draft = await official.read(f"/authority/reports/{sent[0]['id']}")
    insist(report_id not in str(draft), "GET /authority/reports: expected a frozen draft of its own id, seen the report's")
    own = f"/authority/reports/{draft['id']}"
    fact = {"target_id": draft["fact_items"][0]["id"], "proposed_value": "398", "evidence": "Register of today"}
    correction = await official.made(f"{own}/corrections", fact)
    touched = {"target": "finding", "target_id": story.known["finding"]["id"], "proposed_value": "There is no such thing."}
    answer = await official.send("POST", f"{own}/corrections", json=touched)
    said = refused(answer, f"POST {own}/corrections at a finding", 422, "only_facts")[0]
    await official.done(own, "answer")
    await head.done(path, "collect_corrections")
    await head.done(f"{path}/corrections/{correction['id']}", "accept", reason="The register says so too.")
    return said

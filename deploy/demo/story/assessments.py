"""Step 7: the NPM finds for itself; a claim stays a claim, and a new complaint speaks against it."""

from deploy.demo.story import complaints
from deploy.demo.story.priorities import order_analysis
from deploy.demo.story.scene import Story
from deploy.demo.story.stage import Shown, expect, insist, refused, until


async def play(story: Story) -> None:
    """Refuse the authority's word as proof, take in what is complained of since, read the signal back."""
    staff, path = story.stage.as_("staff"), f"/npm/recommendations/{story.known['recommendation']['id']}"
    said = await _refused_word(story, path)
    before = await story.stage.as_("authority-official").send("GET", f"/authority{path[4:]}")
    number = len(story.known["external_ids"])
    case = await complaints.accept(story, await complaints.push(story, number, "It is as before."))
    await complaints.handle(story, case, seriousness="high")
    signalled = await until("the signal of non-implementation", lambda: _signalled(story, path))
    after = await story.stage.as_("authority-official").send("GET", f"/authority{path[4:]}")
    expect(f"GET /authority{path[4:]} before and after the signal: bytes alike", True, before.content == after.content)
    shown = await staff.read(path)
    expect(f"GET {path}: status found by the NPM", None, shown["implementation"]["status"])
    story.tell(
        f"7. Assessment: the claim of {shown['implementation']['claimed_on']} stays a claim (409, missing: {said}); a new complaint "
        f"on {story.theme_words}, {case['ref']}, and the run: signal {signalled['level']}, band {signalled['count_band']}, claim "
        f"contradicted; own finding still open."
    )
    story.tell("   authority A reads the same bytes before and after the signal")
    story.tell("   " + await story.audiences.ask(f"complaints/{case['id']}"))


async def _refused_word(story: Story, path: str) -> str:
    """Propose `implemented` on the authority's word alone; gives what is missing."""
    staff = story.stage.as_("staff")
    word = {"kind": "response", "cited_from": "answer of authority A", "observed_on": str(story.today), "claim": "All is done."}
    evidence = await staff.made(f"{path}/evidence", word)
    proposal = {"status": "implemented", "note": "They say so.", "evidence_ids": [evidence["id"]]}
    answer = await staff.send("POST", f"{path}/assessments", json={"proposal": proposal})
    said = refused(answer, f"POST {path}/assessments on the authority's word alone", 409)[0]
    standing = (await staff.read(path))["implementation"]
    insist(standing["is_only_claimed"] and not standing["is_verified"], f"GET {path}: expected a mere claim, seen {standing}")
    return said


async def _signalled(story: Story, path: str) -> Shown | None:
    """Order the run, and look whether the signal has come over."""
    await order_analysis(story)
    signal: Shown = (await story.stage.as_("staff").read(path))["signal"]
    return signal if signal["level"] != "none" and signal["is_contradicted"] else None

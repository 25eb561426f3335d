"""Step 3: runs find the pattern and the silence, both places stand high, and the score explains itself."""

from deploy.demo.story.scene import Story
from deploy.demo.story.stage import Shown, expect, insist, until

#: Of 20 points that complaints or their absence can add.
LEAST_POINTS = 10.0


async def play(story: Story) -> None:
    """Order both runs and read what came of them."""
    head = story.stage.as_("head")
    before = await _ranked(story, story.place_id)
    run = await order_analysis(story)
    pattern, silence = await _pattern(story), await _silence(story)
    await until("the signal of the pattern at its place", lambda: _has_arrived(story))
    await head.made("/npm/priority-runs")
    after, quiet = await _ranked(story, story.place_id), await _ranked(story, story.silent_id)
    loud_points, loud_says = await _explained(story, story.place_id)
    quiet_points, quiet_says = await _explained(story, story.silent_id)
    insist(min(loud_points, quiet_points) >= LEAST_POINTS, f"priority: expected {LEAST_POINTS} points or more from complaints, "
           f"seen {loud_points:.1f} and {quiet_points:.1f}")  # fmt: skip
    insist(after["rank"] <= before["rank"], f"GET /npm/priorities: expected rank {before['rank']} or higher, seen {after['rank']}")
    story.known["pattern"] = pattern
    story.tell(
        f"3. Priorities: of {run['incidents']} complaints at {run['places']} places {run['patterns']} patterns and "
        f"{run['silences']} silences. {after['place']['name']}: {pattern['level']} pattern, {pattern['sentence']}; rank "
        f"{before['rank']} → {after['rank']}, score {after['score']:.1f}, {loud_points:.1f} of it complaints. "
        f"{quiet['place']['name']}: silence, {silence['observed']} where {silence['expected']:.1f} were to be expected; rank "
        f"{quiet['rank']}, score {quiet['score']:.1f}, {quiet_points:.1f} of it the silence."
    )
    story.tell(f"   the scores say: “{loud_says}” and “{quiet_says}”")
    for thing in (f"patterns/{pattern['id']}", f"silences/{silence['id']}"):
        story.tell("   " + await story.audiences.ask(thing))


async def order_analysis(story: Story) -> Shown:
    """Run F2, F3 and F4 over everything."""
    return await story.stage.as_("complaints-officer").made("/npm/analysis-runs")


async def _pattern(story: Story) -> Shown:
    found = (await story.stage.as_("head").read(f"/npm/patterns?place_id={story.place_id}&limit=100"))["items"]
    mine = [each for each in found if each["theme"] == story.theme and each["cell_kind"] == "theme_place"]
    insist(mine and mine[0]["level"] in ("signal", "strong"), f"GET /npm/patterns as head: expected a pattern on {story.theme} at "
           f"{story.place['name']}, seen {[each['level'] for each in mine]}")  # fmt: skip
    pattern: Shown = mine[0]
    return pattern


async def _silence(story: Story) -> Shown:
    found = (await story.stage.as_("head").read(f"/npm/silences?place_id={story.silent_id}"))["items"]
    expect("GET /npm/silences as head: standing silences at the comparable place", 1, len(found))
    silence: Shown = found[0]
    return silence


async def _has_arrived(story: Story) -> bool:
    signal = (await story.stage.as_("head").read(f"/npm/places/{story.place_id}/signals"))["signal"]
    return bool(signal and signal["pattern_level"] in ("signal", "strong"))


async def _ranked(story: Story, place_id: str) -> Shown:
    """Find a place in the list by priority."""
    head, cursor = story.stage.as_("head"), ""
    while True:
        page = await head.read(f"/npm/priorities?limit=100{cursor}")
        for each in page["items"]:
            if each["place"]["id"] == place_id:
                found: Shown = each
                return found
        insist(page["next_cursor"], "GET /npm/priorities as head: expected the place in it, not seen")
        cursor = f"&cursor={page['next_cursor']}"


async def _explained(story: Story, place_id: str) -> tuple[float, str]:
    """Give the points that complaints add, and the sentence that says why."""
    priority = await story.stage.as_("head").read(f"/npm/places/{place_id}/priority")
    part = next(each for each in priority["parts"] if each["code"] == "complaints")
    return float(part["points"]), str(part["sentence"])

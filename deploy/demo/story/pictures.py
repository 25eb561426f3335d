"""Step 8: what is needed for the next meeting and for the public: briefing, dashboard, map, open data."""

from typing import Any

from deploy.demo.story.scene import Story
from deploy.demo.story.stage import Shown, expect, insist

BRIEFING = {"authority", "relation", "recommendations", "places", "patterns", "do_not_say"}
PICTURES = ("/npm/dashboards/implementation/picture", "/npm/mapping/matrix/picture")


async def play(story: Story) -> None:
    """Read all four."""
    head = story.stage.as_("head")
    briefing = await head.read(f"/npm/briefings/authorities/{story.authority_a}")
    insist(set(briefing) >= BRIEFING, f"GET briefing: expected {sorted(BRIEFING)}, seen {sorted(briefing)}")
    insist(briefing["do_not_say"], "GET briefing: expected what must not be said, seen nothing")
    figures = (await head.read("/npm/dashboards/implementation"))["implementation"]
    sizes = [await _picture(story, path) for path in PICTURES]
    chart = (await head.read("/npm/dashboards/implementation/chart"))["vega_lite"]
    insist("vega-lite" in str(chart.get("$schema")), "GET chart: expected a Vega-Lite specification")
    data = await story.stage.as_(None).read("/public/open-data")
    told = briefing["recommendations"]
    story.tell(
        f"8. Briefing on {story.place['operator']['name']}: names {len(told['overdue'])} overdue, {len(told['claimed_only'])} only "
        f"claimed, {len(told['contradicted'])} contradicted, {len(briefing['do_not_say'])} things not to say. Dashboard: {figures['counted']} "
        f"counted, rate {_percent(figures['implementation_rate'])}, chart {sizes[0]:,} bytes SVG, map {sizes[1]:,}. "
        f"Open data: {_counted(data)}."
    )
    thing = f"briefings/authorities/{story.authority_a}"
    for each in (thing, "dashboards/implementation", "mapping/matrix"):
        story.tell("   " + await story.audiences.ask(each))


async def _picture(story: Story, path: str) -> int:
    answer = await story.stage.as_("head").send("GET", path)
    expect(f"GET {path}", 200, answer.status_code)
    insist(answer.text.lstrip().startswith("<svg"), f"GET {path}: expected an SVG")
    return len(answer.content)


def _percent(rate: Shown) -> str:
    return f"{100 * rate['value']:.0f} % of {rate['whole']}" if rate["value"] is not None else "none yet"


def _counted(data: dict[str, Any]) -> str:
    lists = {name: value for name, value in data.items() if isinstance(value, list)}
    return ", ".join(f"{len(value)} {name}" for name, value in lists.items()) or ", ".join(sorted(data))



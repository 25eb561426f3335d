"""Where the story is played this time: the place whose complaints pile up, the comparable one that is silent, the theme.

It is read from the system, so that the story can be told again: a place that was visited lately leaves its turn to another.
"""

from dataclasses import dataclass, field
from datetime import date
from secrets import token_hex
from typing import Any

from deploy.demo.country.ids import EXPERT_THREE, POLICE_DIRECTORATE, PRISON_SERVICE
from deploy.demo.country.places import SILENT_PLACE
from deploy.demo.story.audiences import Audiences
from deploy.demo.story.stage import Shown, Stage, Tell, insist

#: Themes of the story; one on which complaints stand out already comes first, then one of which nothing is known there.
THEMES = (
    "access_to_care",
    "time_out_of_cell",
    "visits",
    "sanitary_and_hygiene",
    "mental_health",
    "outdoor_exercise",
    "telephone_and_online",
    "food_and_water",
)
PLACE_TYPES = ("remand_prison", "prison")
#: What stands out this clearly will still stand out with eight more.
CLEAR = 4.0


@dataclass
class Story:
    """What the steps share: people, scene, and what has come about so far."""

    stage: Stage
    audiences: Audiences
    tell: Tell
    today: date
    place: Shown
    silent_id: str
    theme: str
    authority_a: str = PRISON_SERVICE
    authority_b: str = POLICE_DIRECTORATE
    barred_expert: str = EXPERT_THREE
    run: str = field(default_factory=lambda: token_hex(4))
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def place_id(self) -> str:
        """Give the id of the place of the pattern."""
        return str(self.place["id"])

    @property
    def theme_words(self) -> str:
        """Give the theme in words."""
        return self.theme.replace("_", " ")


async def opened(stage: Stage, tell: Tell, *, theme: str | None = None, place_id: str | None = None) -> Story:
    """Choose place and theme as the system stands today."""
    head = stage.as_("head", step_up=True)
    await head.made("/npm/priority-runs")
    ranked = await head.read("/npm/priorities?limit=100&" + "&".join(f"place_type={kind}" for kind in PLACE_TYPES))
    insist(ranked["items"], "GET /npm/priorities as head: expected places by priority, seen none; run ./a22 up first")
    today = date.fromisoformat(str((await head.read("/npm/dashboards/implementation"))["as_of"]))
    place = await head.read(f"/npm/places/{place_id}") if place_id else await _turn(stage, ranked["items"])
    chosen = theme or await _theme(stage, str(place["id"]))
    return Story(stage, Audiences(stage), tell, today, place, SILENT_PLACE, chosen)


async def _turn(stage: Stage, ranked: list[Shown]) -> Shown:
    """Give the first place by priority that authority A runs and that is not the silent one."""
    for each in ranked:
        place = await stage.as_("head").read(f"/npm/places/{each['place']['id']}")
        if place["id"] != SILENT_PLACE and (place["operator"] or {}).get("id") == PRISON_SERVICE:
            return place
    insist(False, "GET /npm/priorities as head: expected a prison of authority A, seen none")
    raise AssertionError


async def _theme(stage: Stage, place_id: str) -> str:
    patterns = (await stage.as_("head").read(f"/npm/patterns?place_id={place_id}&limit=100"))["items"]
    known = {each["theme"]: each for each in patterns}
    standing = [theme for theme in THEMES if theme in known and known[theme]["ratio"] >= CLEAR]
    fresh = [theme for theme in THEMES if theme not in known]
    return (standing or fresh or list(THEMES))[0]

"""Step 1: the register of places and the list of authorities are there; a file comes in, its bad row named in a dry run."""

from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.demo.story.scene import Story
from deploy.demo.story.stage import Shown, expect, insist
from deploy.imports import sending
from deploy.imports.sending import Order, Outcome
from shared.imports.mapping import Mapping

_FILE = "made_up_places.csv"
_CSV = """code,name,kind,region,beds
S1,Story Police Post North,police_station,Capital District,6
S2,Story Police Post South,police_station,Capital District,six
S3,Story Police Post East,police_station,Capital District,4
"""
_DATES = ("from_on", "to_on")
_MAPPING = {
    "name": "story-places", "about": "A few made-up places", "kind": "places", "source": "story-places", "format": "csv",
    "row": "code", "fields": {
        "name": "name", "place_type": "kind", "region": "region", "capacity": {"column": "beds", "as": "whole"},
    },
}  # fmt: skip


async def play(story: Story) -> None:
    """Read the counts, and bring a file in: first on trial, then for good."""
    head = story.stage.as_("head", step_up=True)
    places = (await head.read("/npm/places?count=exact&limit=1"))["count"]
    authorities = (await head.read("/npm/authorities?count=exact&limit=1"))["count"]
    insist(places and authorities, "the register: expected places and authorities, seen none; run ./a22 up first")
    trial, told = await _sent(story, dry_run=True)
    expect("POST /npm/places/imports?dry_run: places kept", places, await _count(story))
    taken, _ = await _sent(story, dry_run=False)
    expect("POST /npm/places/imports: rows taken and reported", (2, 1), (taken.taken, taken.reported))
    await _barred(story)
    story.tell(
        f"1. Register: {places} places, {authorities} authorities. Dry run of {trial.total} rows: {trial.taken} good, "
        f"nothing kept, and {told}. Then for good: {taken.created} created, {taken.unchanged} unchanged."
    )
    public = {"public": 200}
    story.tell("   " + await story.audiences.ask(f"places/{story.place_id}", public))


async def _count(story: Story) -> int:
    return int((await story.stage.as_("head").read("/npm/places?count=exact&limit=1"))["count"])


async def _sent(story: Story, *, dry_run: bool) -> tuple[Outcome, str]:
    async def token() -> str:
        return await story.stage.token("head", step_up=True)

    with TemporaryDirectory() as folder:
        path = Path(folder) / _FILE
        path.write_text(_CSV, encoding="utf-8")
        mapping = Mapping.model_validate(_MAPPING)
        outcome = await sending.send(story.stage.client, token, path, mapping, Order(dry_run=dry_run))
    expect("import of a file with one bad row: problems", 1, len(outcome.problems))
    problem = outcome.problems[0]
    expect("import of a file with one bad row: line and column", (3, "beds"), (problem.line, problem.column))
    return outcome, problem.sentence(_FILE)


async def _barred(story: Story) -> None:
    """Let the third expert's past at the place be on record, unless it is; from it the system sees the conflict itself."""
    head, path = story.stage.as_("head"), f"/npm/experts/{story.barred_expert}"
    past: list[Shown] = (await head.read(path))["employment_history"]
    if all((each["employer"] or {}).get("id") != story.place_id for each in past):
        kept = [_job(each["employer"]["id"], each) for each in past]
        await head.patch(path, {"employment_history": [*kept, _job(story.place_id, {})]})
    known: list[Shown] = (await head.read(f"/npm/conflicts?person_id={story.barred_expert}&limit=100"))["items"]
    expect("GET /npm/conflicts: the third expert's at the place", 1, _at(known, story.place_id))


def _job(place_id: str, dates: Shown) -> Shown:
    return {"employer_kind": "place", "employer_id": place_id, **{name: dates.get(name) for name in _DATES}}


def _at(known: list[Shown], place_id: str) -> int:
    return len([each for each in known if each["target"]["id"] == place_id])

"""The story on real data: a real register, real institutions, real grievances. No row of them is kept in this project.

The days of the grievances are moved by one same number, so that the last lies yesterday: the formulas look at recent months.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from deploy.demo.country.ids import OMBUDSPERSON, PRISON_SERVICE
from deploy.demo.story.scene import Story, today_of
from deploy.demo.story.stage import Actor, Shown, Stage, Surprise, Tell, insist, until
from deploy.imports import profiles, sending, shipped
from deploy.imports.sending import Order, Outcome
from deploy.partner.client import Pushed, State, push
from deploy.partner.records import Record, labels, records

FACILITIES, INSTITUTIONS, THEME_MAP = "b1-facilities", "d1-uk-government", "b1-themes"
GRIEVANCES = "NY_UniqueComplaintsEnriched.csv"
ADDRESSEE = "HM Prison Service"
MOST = 2_000
AT_ONCE = 8
#: What the formulas look at: a window of 90 days and the year before.
DAYS_LOOKED_AT = 455


async def brought_in(stage: Stage, folder: Path, tell: Tell) -> None:
    """Import register and institutions, agree on codes, push the grievances, accept those that the formulas look at."""
    places = await _imported(stage, _file(folder, FACILITIES), FACILITIES)
    institutions = await _imported(stage, _file(folder, INSTITUTIONS), INSTITUTIONS)
    await _agreed(stage)
    moved, found = await _moved(stage, folder)
    counts = await _pushed(stage, found)
    accepted = await _accepted(stage)
    tell(
        f"0. Real input: {places.taken} places of {places.total} rows, {institutions.taken} institutions of {institutions.total} "
        f"({places.reported + institutions.reported} rows reported), {sum(counts.values())} grievances pushed "
        f"({', '.join(f'{count} {kind}' for kind, count in sorted(counts.items()))}), {accepted} of the last {DAYS_LOOKED_AT} days "
        f"accepted now; all days moved by {moved.days} so that the last is yesterday."
    )


def _file(folder: Path, name: str) -> Path:
    wanted = shipped.load(name).file or GRIEVANCES
    return _found(folder, wanted)


def _found(folder: Path, wanted: str) -> Path:
    path = next(iter(sorted(folder.rglob(wanted))), None)
    if path is None:
        raise Surprise(f"real data: expected {wanted} below {folder}, not seen")
    return path


async def _imported(stage: Stage, path: Path, name: str) -> Outcome:
    async def token() -> str:
        return await stage.token("head", step_up=True)

    outcome = await sending.send(stage.client, token, path, shipped.load(name), Order())
    insist(
        outcome.is_whole,
        f"import of {path.name}: expected every row taken or reported, seen {outcome.taken} of {outcome.total}",
    )
    return outcome


async def _agreed(stage: Stage) -> None:
    """Write into the partner's profile what its codes mean, beside what stands there."""

    async def token() -> str:
        return await stage.token("head", step_up=False)

    body = await profiles.profile_body(
        stage.client, token, partner_id=OMBUDSPERSON, theme_map=THEME_MAP, source=FACILITIES
    )
    officer = stage.as_("complaints-officer")
    listed = (await officer.read("/npm/partner-profiles?limit=100"))["items"]
    path = f"/npm/partner-profiles/{next(each['id'] for each in listed if each['partner']['id'] == OMBUDSPERSON)}"

    async def written() -> bool:
        profile = await officer.send("GET", path)
        shown = profile.json()
        changes = {
            "theme_map": _beside(shown["theme_map"], body["theme_map"], "theme"),
            "place_codes": _beside(shown["place_codes"], body["place_codes"], "place_id"),
        }
        kind = {"Content-Type": "application/merge-patch+json", "If-Match": profile.headers["ETag"]}
        return (await officer.send("PATCH", path, json=changes, headers=kind)).status_code == 200

    # the register's places reach the complaints service in their own time; until then the profile is refused
    await until("the partner's profile with the codes of the real places", written)


def _beside(kept: list[Shown], new: list[Shown], meaning: str) -> list[Shown]:
    meant = {each["code"]: _meant(each, meaning) for each in kept} | {each["code"]: each[meaning] for each in new}
    return [{"code": code, meaning: value} for code, value in sorted(meant.items())]


def _meant(line: Shown, meaning: str) -> str:
    return str(line[meaning] if meaning in line else line["place"]["id"])


async def _moved(stage: Stage, folder: Path) -> tuple[timedelta, list[Record]]:
    """Move all days by the same number; a second run moves them as the first did."""
    path = _found(folder, GRIEVANCES)
    found = list(islice(records(path, labels(path.parent)), MOST))
    dated = [record for record in found if record.referral is not None]
    last = max(dated, key=_received)
    officer = stage.as_("complaints-officer")
    there = (await officer.read(f"/npm/complaint-referrals?external_id={last.external_id}"))["items"]
    arrived = date.fromisoformat(there[0]["received_on"]) if there else await today_of(stage) - timedelta(days=1)
    by = arrived - _received(last)
    return by, [replace(record, referral=_later(record.referral, by)) for record in found]


def _received(record: Record) -> date:
    return date.fromisoformat(str((record.referral or {})["received_on"]))


def _later(referral: Mapping[str, Any] | None, by: timedelta) -> Mapping[str, Any] | None:
    if referral is None:
        return None
    body = {name: _day(name, value, by) for name, value in referral["other_body"].items()}
    return {**referral, "received_on": _day("received_on", referral["received_on"], by), "other_body": body}


def _day(name: str, value: Any, by: timedelta) -> Any:
    return str(date.fromisoformat(value) + by) if name.endswith("_on") and value else value


async def _pushed(stage: Stage, found: list[Record]) -> dict[str, int]:
    """Push through the partner's own client, several records at a time."""

    async def token() -> str:
        return await stage.token("partner", step_up=False)

    lanes = (push(stage.client, token, found[lane::AT_ONCE], State(None)) for lane in range(AT_ONCE))
    pushed: list[Pushed] = list(await asyncio.gather(*lanes))
    refused = [problem for each in pushed for problem in each.problems]
    insist(not refused, f"PUT /partner/complaint-referrals: expected every record taken, seen {refused[:1]}")
    total: dict[str, int] = {}
    for each in pushed:
        for kind, count in each.counts.items():
            total[kind] = total.get(kind, 0) + count
    return total


async def _accepted(stage: Stage) -> int:
    """Accept what waits and is recent enough to count; what no code explains stays for a person."""
    officer, since = stage.as_("complaints-officer"), await today_of(stage) - timedelta(days=DAYS_LOOKED_AT)
    waiting, cursor = list[str](), ""
    asked = f"/npm/complaint-referrals?state=received&partner_id={OMBUDSPERSON}&sort=-received_on&limit=100"
    while True:
        page = await officer.read(f"{asked}{cursor}")
        recent = [each["id"] for each in page["items"] if date.fromisoformat(each["received_on"]) >= since]
        waiting += recent
        if not page["next_cursor"] or len(recent) < len(page["items"]):
            break
        cursor = f"&cursor={page['next_cursor']}"
    await asyncio.gather(*(_accept(officer, waiting[lane::AT_ONCE]) for lane in range(AT_ONCE)))
    return len(waiting)


async def _accept(officer: Actor, ids: list[str]) -> None:
    for each in ids:
        await officer.done(f"/npm/complaint-referrals/{each}", "accept")


async def scene(stage: Stage, tell: Tell) -> Story:
    """Choose what stands out in the real data: the clearest pattern, and a silence in the same region."""
    from_source = await _places(stage)
    await stage.as_("complaints-officer").made("/npm/analysis-runs")
    head = stage.as_("head")
    patterns = [
        each
        for each in await _all(head, "/npm/patterns?kind=statistical&limit=100")
        if each["cell_kind"] == "theme_place" and each["place"]["id"] in from_source and each["theme"]
    ]
    insist(patterns, "GET /npm/patterns: expected one at a place of the real register, seen none")
    loud = max(patterns, key=lambda each: (each["n"], each["ratio"]))
    place = await _run_by_authority_a(head, f"/npm/places/{loud['place']['id']}")
    silences = await _all(head, "/npm/silences?state=raised&limit=100")
    quiet = [each for each in silences if from_source.get(each["place"]["id"]) == place["region"]]
    insist(quiet, f"GET /npm/silences: expected one in {place['region']}, seen none")
    silent = max(quiet, key=lambda each: each["expected"])
    await head.made("/npm/priority-runs")
    tell(
        f"   found before the story adds a word: {place['name']}, {loud['theme'].replace('_', ' ')}: {loud['level']}, {loud['sentence']} "
        f"(the anonymous ones of one partner are one voice, and one voice is a watch at most); {silent['place']['name']}: {silent['sentence']}"
    )
    tell(
        "   the register names nobody who runs it: made-up authority A stands in, so that somebody with a token can answer"
    )
    story = Story(
        stage, today=await today_of(stage), place=place, silent_id=silent["place"]["id"], theme=loud["theme"], tell=tell
    )
    story.is_real, story.more_addressees = True, [await _addressee(head)]
    return story


async def _run_by_authority_a(head: Actor, path: str) -> Shown:
    """Let authority A stand in for who runs a place: the source does not say, and without one nobody is accredited."""
    place = await head.read(path)
    if place["operator"] is None:
        place = await head.patch(path, {"operator_id": PRISON_SERVICE})
    return place


async def _places(stage: Stage) -> dict[str, str]:
    """Give the regions of the real register's places by id."""
    found = await _all(stage.as_("head"), "/npm/places?sort=code&limit=100")
    return {each["id"]: each["region"] for each in found if each["code"].startswith(f"{FACILITIES}-")}


async def _all(actor: Actor, path: str) -> list[Shown]:
    items, cursor = list[Shown](), ""
    while True:
        page = await actor.read(f"{path}{cursor}")
        items += page["items"]
        if not page["next_cursor"]:
            return items
        cursor = f"&cursor={page['next_cursor']}"


async def _addressee(head: Actor) -> Shown:
    found = (await head.read(f"/npm/authorities?q={ADDRESSEE.replace(' ', '%20')}&limit=100"))["items"]
    named = [each for each in found if each["name"] == ADDRESSEE]
    insist(named, f"GET /npm/authorities as head: expected {ADDRESSEE}, seen none")
    return {"id": named[0]["id"], "name": named[0]["name"]}

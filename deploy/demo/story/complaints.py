"""Step 2: a partner pushes complaints, identities go to the vault, and the officer takes them through the first acts."""

from typing import Any

from deploy.demo.story.scene import Story
from deploy.demo.story.stage import Shown, expect, insist, refused, shown

COMPLAINTS = 8
PURPOSE = {"X-Access-Purpose": "case_handling"}
#: Whoever speaks is somebody else each time: a pattern of one voice would be no pattern.
_ROLES = ("deprived_person", "family", "lawyer", "deprived_person")
_PUSH = "/partner/complaint-referrals"


async def play(story: Story) -> None:
    """Push, accept, acknowledge, classify, record consent, and look into the vault once."""
    await _agree(story)
    replayed = await _push_all(story)
    accepted = [await accept(story, external_id) for external_id in story.known["external_ids"]]
    case = accepted[0]
    story.known["complaint_ids"] = [each["id"] for each in accepted]
    consent = await handle(story, case, seriousness="medium")
    await _reveal(story, case)
    story.tell(
        f"2. Complaints: the partner pushed {len(accepted)} about {story.theme_words} at {story.place['name']} (the first again "
        f"under its key: replayed, still {replayed}); {len(accepted)} accepted, {case['ref']} acknowledged, classified, consent "
        f"{consent['state']}. Who it is lies in the vault: without a second factor 401, without a purpose 400, with both shown."
    )
    story.tell("   " + await story.audiences.ask(f"complaints/{case['id']}"))


def code_of(story: Story) -> str:
    """Give the partner's own code for the theme."""
    return f"OMB-{story.theme}"


async def _agree(story: Story) -> None:
    """Agree with the partner what its code means, unless that stands in its profile."""
    officer = story.stage.as_("complaints-officer")
    me = await story.stage.as_("partner").read("/partner/me")
    listed = (await officer.read("/npm/partner-profiles?limit=100"))["items"]
    profile = next((each for each in listed if each["partner"]["id"] == str(me["organisation"]["id"])), None)
    insist(profile, "GET /npm/partner-profiles as complaints-officer: expected one of the partner, seen none")
    path = f"/npm/partner-profiles/{profile['id'] if profile else ''}"
    lines = (await officer.read(path))["theme_map"]
    if all(each["code"] != code_of(story) for each in lines):
        line = {"code": code_of(story), "label": story.theme_words, "theme": story.theme}
        await officer.patch(path, {"theme_map": [*lines, line]})


def submission(story: Story, external_id: str, role: str, *, told: str) -> Shown:
    """Write what the partner sends: made-up, of today, and with the person's consent."""
    day = str(story.today)
    name = f"Vesta {external_id.title()}"
    return {
        "external_id": external_id, "received_on": day, "incident": {"from": day, "to": day},
        "place": {"id": story.place_id}, "kind": "conditions", "themes": [{"code": code_of(story), "label": story.theme_words}],
        "source_role": role,
        "persons": [{"role": "person_concerned", "name": name, "identifiers": [{"kind": "prison_number", "value": name[6:]}]}],
        "narrative": {"language": "en", "text": f"{told} {external_id}"},
        "consent": {
            "state": "given", "purposes": ["handle"], "recipients": ["npm"], "content_level": "findings_and_evidence",
            "form": "written", "given_on": day, "informed_points": ["use", "risks", "withdrawal"],
        },
    }  # fmt: skip


async def push(story: Story, number: int, told: str) -> str:
    """Send one complaint; gives its external id."""
    external_id = f"story-{story.run}-{number}"
    sent = submission(story, external_id, _ROLES[number % len(_ROLES)], told=told)
    receipt = await story.stage.as_("partner").made(_PUSH, sent, headers={"Idempotency-Key": external_id})
    expect(f"POST {_PUSH}: matching", {"place": "resolved", "themes": "resolved"}, receipt["matching"])
    insist("name" not in str(receipt["allowed_actions"]) and "Vesta" not in str(receipt), "the receipt names a person")
    story.known.setdefault("external_ids", []).append(external_id)
    return external_id


async def _push_all(story: Story) -> int:
    partner = story.stage.as_("partner")
    for number in range(COMPLAINTS):
        await push(story, number, "Asked for days and nobody came.")
    counted = (await partner.read(f"{_PUSH}?count=exact&limit=1"))["count"]
    first = story.known["external_ids"][0]
    again = submission(story, first, _ROLES[0], told="Asked for days and nobody came.")
    answer = await partner.send("POST", _PUSH, json=again, headers={"Idempotency-Key": first})
    shown(answer, f"POST {_PUSH} again under the same key", 201)
    expect("Idempotency-Replayed", "true", answer.headers.get("Idempotency-Replayed"))
    after = (await partner.read(f"{_PUSH}?count=exact&limit=1"))["count"]
    expect("the partner's referrals after the same push again", counted, after)
    return int(after)


async def accept(story: Story, external_id: str) -> Shown:
    """Let the officer take a referral; gives the complaint."""
    officer = story.stage.as_("complaints-officer")
    found = (await officer.read(f"/npm/complaint-referrals?external_id={external_id}"))["items"]
    expect(f"GET /npm/complaint-referrals?external_id={external_id}: found", 1, len(found))
    path = f"/npm/complaint-referrals/{found[0]['id']}"
    referral = await officer.read(path)
    expect(f"GET {path}: persons, and their names", (1, False), (referral["person_count"], "Vesta" in str(referral)))
    taken = await officer.done(path, "accept")
    return await officer.read(f"/npm/complaints/{taken['complaint']['id']}")


async def handle(story: Story, case: Shown, *, seriousness: str) -> Shown:
    """Acknowledge, assess, classify and record the person's consent; gives the consent."""
    officer, path = story.stage.as_("complaints-officer"), f"/npm/complaints/{case['id']}"
    await officer.put(path, "acknowledgement", {"sent_on": str(story.today)})
    await officer.done(path, "assess", position={"is_best_placed": True})
    filled: dict[str, Any] = {
        "kind": "conditions", "themes": [story.theme], "place_id": story.place_id, "seriousness": seriousness,
        "urgency": "soon", "risk": {"risk": 2},
    }  # fmt: skip
    await officer.put(path, "classification", filled)
    expect(f"POST {path}/transitions classify: state", "classified", (await officer.done(path, "classify"))["state"])
    consent = {
        "person_ref": case["person_refs"][0], "state": "given", "purposes": ["use_in_report"], "recipients": ["npm"],
        "content_level": "findings_and_evidence", "form": "oral_recorded", "informed_points": ["use", "risks", "withdrawal"],
        "given_on": str(story.today),
    }  # fmt: skip
    return await officer.made(f"{path}/consents", consent)


async def _reveal(story: Story, case: Shown) -> None:
    path = f"/npm/person-records/{case['person_refs'][0]}/reveal"
    weak, strong = story.stage.as_("complaints-officer"), story.stage.as_("complaints-officer", step_up=True)
    refused(await weak.send("POST", path, headers=PURPOSE), f"POST {path} without a second factor", 401)
    refused(await strong.send("POST", path), f"POST {path} without a purpose", 400)
    answer = await strong.send("POST", path, headers=PURPOSE)
    person = shown(answer, f"POST {path} with second factor and purpose", 200)
    first = story.known["external_ids"][0]
    expect(f"POST {path}: name", f"Vesta {first.title()}", person["name"])
    expect(f"POST {path}: Cache-Control", "no-store", answer.headers["Cache-Control"])

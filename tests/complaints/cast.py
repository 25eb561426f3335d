"""Made-up complaints, places and submissions of the tests of this service."""

import json
from typing import Any
from uuid import uuid4

from tests.operations import reported
from tests.people import Actor, People
from tests.waiting import eventually

BASIS = {
    "is_under_jurisdiction_and_control": True,
    "may_not_leave_at_will": True,
    "authority_involvement": "order",
    "national_law": "",
}
NOWHERE = "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa"
PARTNER_ONE = "ba2deaa0-6eff-4e02-b04b-5c1defb731a2"
PURPOSE = {"X-Access-Purpose": "case_handling"}
SECRETS = {
    "name": "Canarella Quietfeather",
    "number": "CANARY-NUMBER-7731",
    "contact": "Canary Lane 88 at the Mill",
    "narrative": "The canary was told to keep silent about the third cell.",
}
PERSON = {
    "role": "person_concerned",
    "name": SECRETS["name"],
    "birth_year": 1991,
    "identifiers": [{"kind": "prison_number", "value": SECRETS["number"]}],
    "contact": {"channel": "mail", "value": SECRETS["contact"]},
    "safe_contact": "lawyer_only",
}
GIVEN = {
    "state": "given",
    "purposes": ["handle", "contact_again"],
    "recipients": ["npm"],
    "content_level": "findings_and_evidence",
    "form": "written",
    "given_on": "2026-03-03",
    "expires_on": None,
    "informed_points": ["use", "risks", "withdrawal"],
}
SHOWN_TO_PARTNER = {
    "id", "external_id", "status", "status_on", "place", "matching", "question", "decline_reason", "concluded_note",
    "allowed_actions",
}  # fmt: skip


def submission(external_id: str = "OMB-2026-004711", **changes: Any) -> dict[str, Any]:
    """Write a partner's submission."""
    return {
        "external_id": external_id,
        "received_on": "2026-10-04",
        "incident": {"from": "2026-09-20", "to": "2026-09-27"},
        "place": {"name": "North Remand Prison", "region": "North"},
        "kind": "treatment",
        "themes": [{"code": "34A", "label": "Staff: use of force"}],
        "source_role": "family",
        "reprisal_fear": True,
        "persons": [PERSON],
        "narrative": {"language": "en", "text": SECRETS["narrative"]},
        "consent": GIVEN,
        **changes,
    }


async def known_place(people: People, **changes: Any) -> dict[str, Any]:
    """Register and confirm a place, and wait until this service knows it, by its latest name as by its first."""
    staff, head = await people.as_("staff"), await people.as_("head", step_up=True)
    new = {"name": "North Remand Prison", "place_type": "remand_prison", "region": "North", "mandate_basis": BASIS}
    place = await staff.made("/npm/places", {**new, **changes})
    await staff.done(f"/npm/places/{place['id']}", "confirm")
    latest = f"House {uuid4().hex}"
    changed = await staff.patch(f"/npm/places/{place['id']}", {"name": latest})

    async def is_known() -> bool:
        named = {"place_id": None, "place_name": latest, "place_region": place["region"]}
        report = await imported(head, [row(1, place["id"], **named)], dry_run="true")
        return not report["problems"]

    await eventually(is_known, seconds=25)
    shown: dict[str, Any] = changed.json()
    return shown


def row(number: int, at: str | None, **changes: Any) -> dict[str, Any]:
    """Write a complaint of former years."""
    return {
        "row": f"r-{number}",
        "line": number,
        "received_on": "2026-10-20",
        "place_id": at,
        "themes": ["use_of_force_and_weapons"],
        "kind": "treatment",
        "seriousness": "medium",
        "source_number": number,
        **changes,
    }


async def imported(head: Actor, rows: list[dict[str, Any]], **query: str) -> dict[str, Any]:
    """Import complaints; gives the report."""
    asked = "&".join(f"{name}={value}" for name, value in {"source": "archive", "mapping": "plain", **query}.items())
    lines = "\n".join(json.dumps(each) for each in rows)
    answer = await head.send(
        "POST", f"/npm/complaints/imports?{asked}", content=lines, headers={"Content-Type": "application/jsonl"}
    )
    return await reported(head, "complaints", answer)


async def agreed_profile(people: People, **changes: Any) -> dict[str, Any]:
    """Agree with the partner what its code 34A means."""
    officer = await people.as_("complaints-officer")
    lines = [{"code": "34A", "label": "Staff: use of force", "theme": "use_of_force_and_weapons"}]
    return await officer.made("/npm/partner-profiles", {"partner_id": PARTNER_ONE, "theme_map": lines, **changes})


async def referral_of(people: People, external_id: str) -> dict[str, Any]:
    """Give the NPM's view of a partner's submission."""
    officer = await people.as_("complaints-officer")
    found = await officer.read(f"/npm/complaint-referrals?external_id={external_id}")
    return await officer.read(f"/npm/complaint-referrals/{found['items'][0]['id']}")


async def accepted(people: People, **changes: Any) -> dict[str, Any]:
    """Let the partner submit and the officer accept; gives the complaint."""
    officer, partner = await people.as_("complaints-officer"), await people.as_("partner")
    sent = submission(**changes)
    await partner.made("/partner/complaint-referrals", sent)
    referral = await referral_of(people, sent["external_id"])
    referral = await officer.done(f"/npm/complaint-referrals/{referral['id']}", "accept")
    return await officer.read(f"/npm/complaints/{referral['complaint']['id']}")


async def put(actor: Actor, path: str, json: dict[str, Any], *, with_tag: bool = True) -> Any:
    """Put with the ETag of the present version."""
    headers = {"If-Match": (await actor.get(path)).headers.get("ETag", '"none"')} if with_tag else {}
    return await actor.send("PUT", path, json=json, headers=headers)


async def put_part(actor: Actor, path: str, part: str, json: dict[str, Any]) -> Any:
    """Put a part of a complaint with the ETag of the whole."""
    tag = (await actor.get(path)).headers["ETag"]
    return await actor.send("PUT", f"{path}/{part}", json=json, headers={"If-Match": tag})

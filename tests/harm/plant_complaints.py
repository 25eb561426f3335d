"""Plants canaries with complaints: what a partner hands on, what people tell the NPM itself, and each reason on the way."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from deploy.demo.country import ids
from deploy.demo.country.places import PATTERN_PLACE
from tests.complaints.cast import GIVEN, put, put_part
from tests.harm.canaries import Canaries
from tests.people import Actor, People

REFERRAL = "complaints.complaint_referral"
#: Accepted, what another body said of its handling goes along to the case.
CASE = "complaints.complaint"
#: A partner's own number stands in the paths it calls, and a path is part of what repeats are known by for a day.
EXTERNAL_ID = [REFERRAL, "complaints.idempotency"]
PARTNER = "/partner/complaint-referrals"
#: Who may open the narrative of a case: its officer and the head, each with a purpose.
OPENS = ("complaints-officer", "head")


@dataclass
class Case:
    """The paths of what was made."""

    referrals: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)


def person(canaries: Canaries, of: str) -> dict[str, Any]:
    """Write a person with a canary in each field that takes words."""
    return {
        "role": "person_concerned",
        "name": canaries.s4(f"{of} name").title(),
        "birth_year": 1991,
        "identifiers": [{"kind": "prison_number", "value": canaries.s4(f"{of} identifier")}],
        "contact": {"channel": "mail", "value": canaries.s4(f"{of} contact")},
        "safe_contact": "lawyer_only",
    }


def submission(canaries: Canaries, number: str) -> dict[str, Any]:
    """Write a partner's submission."""
    return {
        "external_id": canaries.s3(f"external id {number}", EXTERNAL_ID, "npm", "partner"),
        "received_on": "2026-10-04",
        "incident": {"from": "2026-09-20", "to": "2026-09-27"},
        "place": {"id": PATTERN_PLACE},
        "kind": "treatment",
        "themes": [{"code": secrets.token_hex(4), "label": canaries.s3(f"theme label {number}", [REFERRAL, "complaints.partner_profile"], "npm")}],
        "source_role": "family",
        "reprisal_fear": True,
        "persons": [person(canaries, f"partner {number}")],
        "narrative": {"language": "en", "text": f"They said: {canaries.s4(f'partner narrative {number}', *OPENS)}."},
        "consent": GIVEN,
        "other_body": {"reference": canaries.s3(f"other body {number}", [REFERRAL, CASE], "npm"), "status": "open"},
    }  # fmt: skip


async def plant(people: People, canaries: Canaries) -> Case:
    """Let partner and officer do what they do with three referrals and one complaint of the NPM's own."""
    case = Case()
    await _questioned_then_withdrawn(people, canaries, case)
    await _concluded(people, canaries, case)
    await _consent_taken_back(people, canaries, case)
    await _own_complaint(people, canaries, case)
    return case


async def _referred(people: People, canaries: Canaries, number: str, case: Case) -> tuple[str, str, dict[str, Any]]:
    partner, officer = await people.as_("partner"), await people.as_("complaints-officer")
    sent = submission(canaries, number)
    await partner.made(PARTNER, sent)
    [found] = (await officer.read(f"/npm/complaint-referrals?external_id={sent['external_id']}"))["items"]
    case.referrals.append(f"{PARTNER}/{sent['external_id']}")
    return f"{PARTNER}/{sent['external_id']}", f"/npm/complaint-referrals/{found['id']}", sent


async def _accepted(officer: Actor, npm: str, sent: dict[str, Any], case: Case) -> str:
    code = sent["themes"][0]["code"]
    await officer.done(npm, "map", themes=[{"code": code, "theme": "use_of_force_and_weapons"}])
    accepted = await officer.done(npm, "accept")
    complaint = f"/npm/complaints/{accepted['complaint']['id']}"
    case.complaints.append(complaint)
    case.persons += (await officer.read(complaint))["person_refs"]
    return complaint


async def _questioned_then_withdrawn(people: People, canaries: Canaries, case: Case) -> None:
    partner, officer = await people.as_("partner"), await people.as_("complaints-officer")
    own, npm, sent = await _referred(people, canaries, "1", case)
    question = canaries.s3("question to the partner", [REFERRAL], "npm", "partner")
    await officer.done(npm, "request_clarification", question=question)
    await partner.done(own, "clarify", text=canaries.s4("clarification", *OPENS))
    await _accepted(officer, npm, sent, case)
    await partner.done(own, "withdraw", text=canaries.s4("reason of withdrawal", *OPENS))


async def _concluded(people: People, canaries: Canaries, case: Case) -> None:
    officer = await people.as_("complaints-officer")
    _, npm, sent = await _referred(people, canaries, "2", case)
    complaint = await _accepted(officer, npm, sent, case)
    await _handled(officer, complaint, canaries, "partner 2")
    await officer.done(complaint, "decide_action", actions=[{"kind": "propose_ad_hoc_visit"}])
    await officer.done(complaint, "start_action")
    await officer.done(complaint, "record_outcome", outcome={"kind": "improved", "on": "2026-11-01"})
    await officer.done(complaint, "close", is_person_told_or_unsafe=True)
    note = canaries.s3("concluded note", [REFERRAL], "npm", "partner")
    await officer.done(npm, "conclude", concluded_note=note)


async def _consent_taken_back(people: People, canaries: Canaries, case: Case) -> None:
    partner, officer = await people.as_("partner"), await people.as_("complaints-officer")
    own, npm, sent = await _referred(people, canaries, "3", case)
    await _accepted(officer, npm, sent, case)
    answer = await put(partner, own, {**sent, "persons": [], "consent": {"state": "withdrawn"}})
    assert answer.status_code == 200, answer.text


async def _own_complaint(people: People, canaries: Canaries, case: Case) -> None:
    officer = await people.as_("complaints-officer")
    made = await officer.made(
        "/npm/complaints",
        {
            "received_on": "2026-10-01",
            "channel": "mail",
            "source_role": "family",
            "kind": "treatment",
            "themes": ["use_of_force_and_weapons"],
            "place_id": PATTERN_PLACE,
            "persons": [person(canaries, "own")],
            "against_person_ids": [ids.EXPERT_TWO],
            "narrative": {"language": "en", "text": canaries.s4("own narrative", *OPENS)},
        },
    )
    path = f"/npm/complaints/{made['id']}"
    case.complaints.append(path)
    case.persons += (await officer.read(path))["person_refs"]
    recipient = canaries.s3("recipient of a consent", ["complaints.consent"], "npm")
    await officer.made(f"{path}/consents", {**GIVEN, "recipients": ["npm", recipient]})
    await _handled(officer, path, canaries, "own")
    await officer.done(path, "decide_action", actions=[{"kind": "propose_ad_hoc_visit"}])


async def _handled(officer: Actor, path: str, canaries: Canaries, of: str) -> None:
    """Acknowledge, assess, classify and classify anew, with a reason each time one is taken."""
    await put_part(officer, path, "acknowledgement", {"sent_on": "2026-10-05"})
    reason = canaries.s4(f"{of} reason of the assessment", *OPENS)
    await officer.done(path, "assess", position={"is_best_placed": True}, reason=reason)
    filled = {
        "kind": "treatment",
        "themes": ["use_of_force_and_weapons"],
        "place_id": PATTERN_PLACE,
        "seriousness": "high",
        "urgency": "soon",
        "risk": {"risk": 2},
    }
    answer = await put_part(officer, path, "classification", filled)
    assert answer.status_code == 200, answer.text
    await officer.done(path, "classify")
    again = {**filled, "seriousness": "medium", "reason": canaries.s4(f"{of} reason of the classification", *OPENS)}
    answer = await put_part(officer, path, "classification", again)
    assert answer.status_code == 200, answer.text

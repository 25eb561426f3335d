"""What the tests of stakeholders begin with: institutions, people and history with the ids of the personas."""

import json
from typing import Any

from gateway.development import AUTHORITY_A, AUTHORITY_B, MOU_ONE, PARTNER_ONE
from tests.operations import reported
from tests.people import Actor, People

EXPERT, EXPERT_TWO = "7bf4b43d-3c15-4834-899c-51a69f732f60", "4f783539-a70f-495d-899d-7d6ea739f8a9"
HEAD, MEMBER, DEPUTY = (
    "bbb77181-7301-4890-8fce-d2aa94075a60",
    "11c04990-bb64-43ef-baa6-6369149d637f",
    "b0b0592c-6fc7-483a-990b-279ab3039437",
)
SECONDEE = "8366779c-1411-4a22-ab10-a363276c4eff"
LONG = {"from_on": "2020-01-01", "to_on": "2099-12-31"}
TERMS = {
    **LONG,
    "tasks": "Takes part in visits.",
    "immunities_clause": "Immunity for acts done for the NPM.",
    "immunities_scope": "While acting for the NPM, and after.",
    "confidentiality_clause": "Everything stays confidential, also after the end.",
    "names_article_21_2": True,
    "excludes_representation": True,
    "is_code_acknowledged": True,
    "are_conflicts_declared": True,
}


async def imported(
    people: People, kind: str, *rows: dict[str, Any], source: str = "demo", **order: Any
) -> dict[str, Any]:
    """Import rows as the head, and give the report."""
    head = await people.as_("head", step_up=True)
    numbered = [{"line": number, "row": f"{kind[:2]}-{number}", **row} for number, row in enumerate(rows, start=1)]
    asked = {"source": source, "mapping": "demo-1", **order}
    query = "&".join(f"{name}={str(value).lower()}" for name, value in asked.items())
    answer = await head.send(
        "POST",
        f"/npm/{kind}/imports?{query}",
        content="\n".join(json.dumps(row) for row in numbered),
        headers={"Content-Type": "application/jsonl"},
    )
    return await reported(head, kind, answer)


async def with_institutions(people: People) -> None:
    """Authorities A and B, and partner 1 with its memorandum."""
    report = await imported(
        people,
        "authorities",
        {"id": AUTHORITY_A, "name": "Prison Service", "category": "place_management"},
        {"id": AUTHORITY_B, "name": "Ministry of Health", "category": "line_ministry"},
        {"id": PARTNER_ONE, "name": "Ombudsperson", "kind": "partner_body"},
    )
    assert report["created"] == 3, report
    text = {"objectives": "Complaints reach the NPM.", "confidentiality_clause": "Kept secret."}
    report = await imported(
        people,
        "mous",
        {"id": MOU_ONE, "partner_id": PARTNER_ONE, "title": "Memorandum", "purposes": ["referral"], **LONG, **text},
    )
    assert report["created"] == 1, report


async def with_experts(people: People) -> None:
    """The two experts of the personas, accredited at authority A, as imported history."""
    await with_institutions(people)
    trained = [{"kind": "induction", "held_on": "2025-01-10", "valid_until": "2099-12-31"}]
    experts = [
        {"id": EXPERT, "kind": "expert", "name": "Asha Rao", "profession": "Forensic doctor", "trainings": trained},
        {"id": EXPERT_TWO, "kind": "expert", "name": "Ben Oduya", "profession": "Architect", "trainings": trained},
    ]
    vetted = [{**each, "vetting_passed_on": "2025-01-01"} for each in experts]
    engaged = {
        "modality": "public_call",
        "status": "accredited",
        "contract": TERMS,
        "confidentiality_signed_on": "2025-01-05",
    }
    at_a = {"authority_id": AUTHORITY_A, "status": "granted", **LONG}
    for kind, rows in (
        ("persons", vetted),
        ("experts", [{"expert_id": EXPERT, **engaged}, {"expert_id": EXPERT_TWO, **engaged}]),
        ("accreditations", [{"person_id": EXPERT, **at_a}, {"person_id": EXPERT_TWO, **at_a}]),
    ):
        report = await imported(people, kind, *rows)
        assert report["created"] == 2, report


async def with_members(people: People) -> None:
    """The head, the deputy and a member, with the ids of their personas."""
    people_of_the_npm = [
        {"id": HEAD, "kind": "member", "name": "Head of the NPM"},
        {"id": DEPUTY, "kind": "member", "name": "Deputy head"},
        {"id": MEMBER, "kind": "member", "name": "Member"},
    ]
    report = await imported(people, "persons", *people_of_the_npm, source="members")
    assert report["created"] == 3, report


async def standing_of(expert: Actor) -> dict[str, Any]:
    """Read the expert's own standing."""
    standing: dict[str, Any] = (await expert.read("/expert/me"))["standing"]
    return standing


async def with_secondee(people: People, *, origin: str = AUTHORITY_B) -> None:
    """The secondee of the personas, from authority B unless another is named; without an origin nothing is shown at all."""
    seconded = {"id": SECONDEE, "kind": "secondee", "name": "Sam Lee", "secondment": {"origin_id": origin}}
    report = await imported(people, "persons", seconded, source="secondees")
    assert report["created"] == 1, report

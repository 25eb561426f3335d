"""The people of the made-up NPM: its members, staff and experts, and what makes an expert fit to go.

Every name is made up; nobody here exists.
"""

from datetime import date, timedelta
from typing import Any

from deploy.demo.country import ids
from deploy.demo.country.ids import dice, made_id
from deploy.demo.country.names import people
from deploy.demo.country.places import PATTERN_PLACE

Row = dict[str, Any]

#: Id, row, kind, expertise: the people behind the personas; a person of the NPM has the id of the token's subject.
_NPM = (
    (ids.HEAD, "head", "member", ("law", "human_rights")),
    (ids.DEPUTY_HEAD, "deputy-head", "member", ("psychiatry",)),
    (ids.MEMBER, "member", "member", ("social_work", "childrens_rights")),
    (ids.STAFF, "staff", "staff", ("law", "prison_system")),
    (ids.SECONDEE, "secondee", "secondee", ("administration_of_justice",)),
    (ids.COMPLAINTS_OFFICER, "complaints-officer", "staff", ("law",)),
    (ids.COMPLAINTS_OFFICER_TWO, "complaints-officer-two", "staff", ("psychology",)),
    (ids.VAULT_KEEPER, "vault-keeper", "staff", ("other",)),
    (ids.DATA_PROTECTION_OFFICER, "data-protection-officer", "staff", ("law",)),
    (ids.SYSADMIN, "sysadmin", "staff", ("other",)),
)
_EXPERTS = (
    (ids.EXPERT, "expert", "expert", ("general_medicine", "forensic_medicine")),
    (ids.EXPERT_TWO, "expert-two", "expert", ("migration", "interpretation")),
    (ids.EXPERT_THREE, "expert-three", "expert", ("psychiatry", "nursing")),
)
#: Those who can lead a visit, those who go along, and the experts; the story's own visit needs others to be free.
LEADERS = (ids.DEPUTY_HEAD, ids.MEMBER, ids.STAFF, ids.HEAD)
COMPANIONS = (ids.STAFF, ids.MEMBER, ids.DEPUTY_HEAD, made_id("person", "staff-11"), made_id("person", "staff-12"))


def persons(today: date) -> list[Row]:
    """Give everybody who works for the NPM, with made-up names."""
    more = tuple(
        (made_id("person", f"staff-{number}"), f"staff-{number}", "staff", ("policing",)) for number in (11, 12)
    )
    listed = (*_NPM, *more, *_EXPERTS)
    named = people(len(listed), dice("people"))
    return [
        {"row": row, "id": person_id, "name": name, "kind": kind, "expertise": list(expertise), "languages": ["en"]}
        | _of_kind(person_id, kind, today)
        for (person_id, row, kind, expertise), name in zip(listed, named, strict=True)
    ]


def _of_kind(person_id: str, kind: str, today: date) -> Row:
    """Give what only some have: a term of office, a secondment, trainings, and the past that makes a conflict."""
    begun = str(today - timedelta(days=900))
    if kind == "member":
        return {"mandates": [{"start_on": begun, "end_on": str(today + timedelta(days=900))}]}
    if kind == "secondee":
        return {"secondment": {"origin_id": ids.PRISON_SERVICE, "from_on": begun}}
    if kind == "staff":
        return {}
    training = {
        "kind": "induction",
        "held_on": str(today - timedelta(days=400)),
        "valid_until": str(today + timedelta(days=330)),
    }
    past = {"employer_kind": "place", "employer_id": PATTERN_PLACE, "from_on": "2014-03-01", "to_on": "2019-08-31"}
    return {
        "trainings": [training],
        "vetting_passed_on": str(today - timedelta(days=430)),
        "employment_history": [past] if person_id == ids.EXPERT_THREE else [],
    }


def expert_engagements(today: date) -> list[Row]:
    """Give the engagements of the experts: contracted, sworn to secrecy, trained, accredited."""
    begun = str(today - timedelta(days=420))
    contract = {
        "from_on": begun,
        "to_on": str(today + timedelta(days=640)),
        "tasks": "to prepare, carry out and report on visits in personal capacity",
        "immunities_clause": "immune from legal process for words and acts in the work for the NPM",
        "immunities_scope": "during the contract and after it",
        "confidentiality_clause": "what is learnt in the work stays secret, also after the contract",
        "names_article_21_2": True,
        "excludes_representation": True,
        "is_code_acknowledged": True,
        "are_conflicts_declared": True,
        "signed_by_expert_on": begun,
    }
    return [
        {
            "row": f"engagement-{row}",
            "id": made_id("expert engagement", row),
            "expert_id": person_id,
            "modality": "public_call",
            "status": "accredited",
            "contract": dict(contract),
            "confidentiality_signed_on": begun,
        }
        for person_id, row, _, _ in _EXPERTS
    ]


def accreditations(today: date) -> list[Row]:
    """Give standing accreditations: everybody who goes on visits, with the authorities that run most places."""
    going = dict.fromkeys((*LEADERS, *COMPANIONS, *(person_id for person_id, *_ in _EXPERTS)))
    return [
        {
            "row": f"{authority[:8]}-{person[:8]}",
            "id": made_id("accreditation", f"{authority} {person}"),
            "person_id": person,
            "authority_id": authority,
            "status": "granted",
            "from_on": str(today - timedelta(days=400)),
            "to_on": str(today + timedelta(days=700)),
            "reference": f"ACC-{authority[:4]}-{person[:4]}".upper(),
            "document_reference": "binder of accreditations",
        }
        for authority in (ids.PRISON_SERVICE, ids.POLICE_DIRECTORATE)
        for person in going
    ]


def remuneration_rules(today: date) -> Row:
    """Give the published rules on what experts are paid."""
    return {
        "edition": "1",
        "content": "Experts are paid by the day, for preparation, visit and report alike, at one rate for all professions.",
        "in_force_from": str(today - timedelta(days=500)),
    }

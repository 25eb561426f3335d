"""What is answered is what is declared: JSON made in PostgreSQL has every declared member, and no other, at any depth.

It judges the answers of reads that the made-up country gives; what a read needs first is the features' own business.
"""

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from gateway.development import PERSONAS
from shared.imports.mapping import KINDS
from tests.harm.conftest import Walks
from tests.harm.crawl import Crawl, document

#: Nobody, everybody outside, and those of the NPM whose rows together give an answer of every kind.
JUDGED = [name for name, persona in PERSONAS.items() if persona.audience_class != "npm"]
JUDGED += ["", "head", "staff", "complaints-officer", "data-protection-officer"]
#: Reads that no list leads to, or whose things neither the country nor the planting has.
NOT_SHOWN: dict[str, set[str]] = {
    # the made-up country leaves nothing to be asked; a report is its orderer's alone, and no list above it names its operation (tests/imports reads them)
    "npm": {
        "/npm/external-visits/{external_visit_id}",
        *(f"/npm/{kind}-matches/{{match_id}}" for kind in ("place", "authority", "addressee")),
        *(f"/npm/{kind}/imports/{{operation_id}}/report" for kind in KINDS),
        # logins, machines and ended access are no part of the country: tests/access/matrix plants them and compares their keys
        "/npm/accounts/{account_id}",
        "/npm/account-proposals/{account_id}",
        "/npm/clients/{client_id}",
        "/npm/client-proposals/{client_id}",
        "/npm/access-revocations/{revocation_id}",
    },
    # the country's outsiders have ordered nothing that takes long
    "authority": {"/authority/operations/{operation_id}", "/authority/client-keys/{kid}"},
    "expert": {"/expert/operations/{operation_id}"},
    "partner": {"/partner/operations/{operation_id}", "/partner/client-keys/{kid}"},
    "public": {"/public/reports/{report_id}"},
}


def closed(schema: Any) -> Any:
    """Forbid every member that is not declared: an object with declared members has no other."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(each) for name, each in schema.items()}
    if isinstance(made.get("properties"), dict) and "type" in made and "additionalProperties" not in made:
        made["additionalProperties"] = False
    return made


def judge(audience: str, template: str) -> Draft202012Validator | None:
    """Give the judge of a read's JSON, where it answers JSON."""
    content = document(audience)["paths"][template]["get"]["responses"]["200"].get("content", {})
    if "application/json" not in content:
        return None
    components = closed(copy.deepcopy(document(audience)["components"]["schemas"]))
    return Draft202012Validator(
        {**closed(content["application/json"]["schema"]), "components": {"schemas": components}}
    )


def breaches(audience: str, crawl: Crawl) -> dict[str, list[str]]:
    """Name what is missing or undeclared, by path; never with the value."""
    found: dict[str, list[str]] = {}
    judges: dict[str, Draft202012Validator | None] = {}
    for path, answer in crawl.answers.items():
        template = crawl.asked[path]
        if template not in judges:
            judges[template] = judge(audience, template)
        validator = judges[template]
        if answer.status != 200 or validator is None:
            continue
        errors = [
            f"{error.json_path} {error.validator} {error.message if error.validator in ('required', 'additionalProperties') else ''}"
            for error in validator.iter_errors(json.loads(answer.body))
        ]
        if errors:
            found[path] = errors[:5]
    return found


@pytest.mark.parametrize("name", JUDGED)
async def test_every_read_answers_exactly_what_is_declared(walks: Walks, name: str) -> None:
    crawl = await walks.of(name)

    assert breaches(crawl.audience, crawl) == {}
    assert {path: answer.status for path, answer in crawl.answers.items() if answer.status >= 500} == {}


@pytest.mark.parametrize("audience", NOT_SHOWN)
async def test_the_planted_world_answers_every_read(walks: Walks, audience: str) -> None:
    names = [name for name in PERSONAS if PERSONAS[name].audience_class == audience] or [""]
    shown = set()
    for name in names:
        crawl = await walks.of(name)
        shown |= {crawl.asked[path] for path, answer in crawl.answers.items() if answer.status == 200}

    reads = {path for path, item in document(audience)["paths"].items() if "get" in item}
    assert reads - shown == NOT_SHOWN[audience]


def test_a_member_too_many_and_one_too_few_are_seen() -> None:
    validator = judge("public", "/public/places")
    assert validator is not None
    good: dict[str, Any] = {"items": [], "next_cursor": None, "count": None}

    assert not list(validator.iter_errors(good))
    assert list(validator.iter_errors({**good, "total": 3}))
    assert list(validator.iter_errors({"items": []}))

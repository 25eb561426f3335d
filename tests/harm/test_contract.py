"""What is answered is what is declared: JSON made in PostgreSQL has every declared member, and no other, at any depth.

It judges the answers of reads that the made-up country gives; what a read needs first is the features' own business.
"""

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.harm.crawl import Crawl, document
from tests.people import People

pytestmark = pytest.mark.usefixtures("country")

#: For each audience, the personas whose rows together give an answer of every kind.
PERSONAS = {
    "npm": ("head", "staff", "complaints-officer", "data-protection-officer"),
    "authority": ("authority-official", "focal-point", "authority-validator", "authority-official-two"),
    "expert": ("expert", "expert-two"),
    "partner": ("partner", "partner-two", "cso", "nhri-complaints"),
    "public": ("",),
}
CASES = [(audience, name) for audience, names in PERSONAS.items() for name in names]


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
    return Draft202012Validator({**closed(content["application/json"]["schema"]), "components": {"schemas": components}})


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


@pytest.mark.parametrize(("audience", "name"), CASES)
async def test_every_read_answers_exactly_what_is_declared(people: People, audience: str, name: str) -> None:
    actor = await people.as_(name, step_up=True) if name else people.stranger()
    crawl = Crawl(actor, audience, follow=2)

    answers = await crawl.walk()

    assert breaches(audience, crawl) == {}
    assert {path: answer.status for path, answer in answers.items() if answer.status >= 500} == {}
    assert sum(answer.status == 200 for answer in answers.values()) > 2


def test_a_member_too_many_and_one_too_few_are_seen() -> None:
    validator = judge("public", "/public/places")
    assert validator is not None
    good = {"items": [], "next_cursor": None, "count": None}

    assert not list(validator.iter_errors(good))
    assert list(validator.iter_errors({**good, "total": 3}))
    assert list(validator.iter_errors({"items": []}))

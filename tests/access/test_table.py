"""The access table itself: what would make it mean something else than it says stops the build."""

from dataclasses import replace
from typing import Any

import pytest

from deploy.migrations import protection_of
from gateway import documents, operations
from gateway.development import PERSONAS
from shared.access import CONDITIONS, Operation, read_operation
from shared.openapi import METHODS
from shared.roles import vocabulary
from shared.settings import SERVICES
from tests.access import expected

ROWS = operations.table(with_development=True, with_inside=True).operations
#: Rows that read no table of their own: they name the caller's own organisation, which is the caller's own entry.
ALSO = {"authority.get_me": "own_entry", "partner.get_me": "own_entry"}


def used_scopes(rows: list[Operation]) -> set[str]:
    """Give every scope that a row, one of its actions or an export asks for."""
    exports = {"gateway:exports.create"} if any(row.export and row.audience == "npm" for row in rows) else set()
    return exports | {
        scope for row in rows for scope in (*row.scopes, *(s for each in row.actions for s in each.scopes))
    }


def declared(service: str) -> set[tuple[str, str]]:
    """Give role and condition of every policy of a service."""
    return {
        (role, policy.condition)
        for protection in protection_of(service).PROTECTIONS
        for role, policies in protection.policies.items()
        for policy in (policies if isinstance(policies, tuple) else (policies,))
    }


def without_policy(row: Operation, laid: set[tuple[str, str]]) -> bool:
    """Tell whether no policy of the row's service has the name of its object condition."""
    if row.object == "none":
        return False
    return not laid & {(row.audience, row.object), (row.audience, ALSO.get(row.key, row.object))}


def test_the_vocabulary_is_the_access_page() -> None:
    for role in expected.page()["roles"]:
        assert vocabulary().roles[role] == expected.scopes_of_role(role), role
    assert vocabulary().roles.keys() - expected.page()["roles"].keys() == {"public"}
    assert vocabulary().decisions == set(expected.page()["decisions"])
    outer = {name: list(scope.classes) for name, scope in vocabulary().scopes.items() if scope.classes != ("service",)}
    assert outer == {name: expected.page()["classes"].get(name, ["npm"]) for name in outer}


def test_the_personas_are_those_of_the_access_page() -> None:
    for name, persona in PERSONAS.items():
        told = expected.PERSONAS[name]
        assert (persona.audience_class, list(persona.roles), persona.decides) == (
            told["class"], told["roles"], told.get("decides") == "all",
        )  # fmt: skip
    assert PERSONAS.keys() == expected.PERSONAS.keys()


def test_a_scope_that_no_operation_asks_for_is_on_the_list_of_those_that_wait() -> None:
    unused = set(vocabulary().scopes) - used_scopes(list(ROWS.values()))

    assert unused == set(expected.page()["waiting"])


def test_a_scope_without_its_last_operation_is_seen() -> None:
    left = [row for row in ROWS.values() if "complaints:identities.reveal" not in row.scopes]

    assert "complaints:identities.reveal" not in used_scopes(left)


@pytest.mark.parametrize(
    ("audience", "scope"),
    [("authority", "complaints:complaints.read"), ("npm", "visits:shared.read"), ("expert", "visits:visits.read")],
)
def test_a_scope_of_another_class_does_not_load(audience: str, scope: str) -> None:
    with pytest.raises(ValueError, match="is not one of class"):
        read_operation({"operation": "x", "audience": audience, "scopes": [scope], "object": "institution"})
    action = {"action": "go", "scopes": [scope]}
    with pytest.raises(ValueError, match="is not one of class"):
        read_operation({"operation": "x", "audience": audience, "scopes": [], "object": "none", "actions": [action]})


def test_every_object_condition_is_a_policy_of_that_name_in_that_service() -> None:
    laid = {service: declared(service) for service in SERVICES}

    assert [row.key for row in ROWS.values() if row.service in laid and without_policy(row, laid[row.service])] == []


def test_a_condition_without_its_policy_is_seen() -> None:
    row = next(row for row in ROWS.values() if row.key == "authority.get_recommendation")
    laid = declared("recommendations")

    assert without_policy(row, laid - {("authority", "addressed")})
    assert without_policy(replace(row, object="sharing_record"), laid)
    assert not without_policy(row, laid)


def test_every_policy_has_the_name_of_an_object_condition() -> None:
    assert {condition for service in SERVICES for _role, condition in declared(service)} <= CONDITIONS


@pytest.mark.requirement("R-G09")
def test_no_decision_scope_can_come_to_a_secondee_or_to_an_outsider() -> None:
    words = vocabulary()
    outside = ("secondee", "expert", "authority_official", "authority_focal_point", "authority_validator",
               "partner_system", "nhri_complaints", "cso_partner")  # fmt: skip

    for role in outside:
        audience = "npm" if role == "secondee" else role.split("_")[0]
        audience = audience if audience in ("npm", "expert", "authority") else "partner"
        # not by the role, nor by being named in the decision matrix
        held = words.scopes_of([role], audience_class=audience, decides=words.decisions)
        assert held & words.decisions == frozenset(), role
    assert words.scopes_of(["member"], audience_class="npm", decides=words.decisions) >= words.decisions


def _models(told: Any) -> set[str]:
    """Name the models that a body is, or whose lines it has; a picture or a file has none."""
    bodies = (told or {}).get("content", {})
    json_like = ("application/json", "application/merge-patch+json", "application/jsonl")
    return {name for media in json_like if media in bodies for name in _references(bodies[media])}


def _references(told: Any) -> set[str]:
    if isinstance(told, dict):
        here = {told["$ref"].rsplit("/", 1)[1]} if isinstance(told.get("$ref"), str) else set()
        return here.union(*(_references(each) for each in told.values()))
    return set().union(*(_references(each) for each in told)) if isinstance(told, list) else set()


def differs(row: Operation, told: dict[str, Any]) -> bool:
    """Tell whether a row names other models than its route takes and gives."""
    good = next(answer for status, answer in told["responses"].items() if status.startswith("2"))
    answered = _models({"content": {k: v for k, v in good.get("content", {}).items() if k == "application/json"}})
    return answered != {row.response} - {None} or _models(told.get("requestBody")) != {row.request} - {None}


def test_request_and_response_of_a_row_are_the_models_of_its_route() -> None:
    routes = [
        item[method]
        for service in documents.SOURCES
        for item in documents.committed(f"services/{service}")["paths"].values()
        for method in METHODS
        if method in item
    ]

    assert [told["operationId"] for told in routes if differs(read_operation(told["x-access"]), told)] == []


def test_another_model_than_the_row_names_is_seen() -> None:
    paths = documents.committed("services/visits")["paths"]
    told = paths["/v1/npm/places/{place_id}"]["patch"]
    row = read_operation(told["x-access"])

    assert not differs(row, told)
    assert differs(replace(row, response="PublicPlace"), told)
    assert differs(replace(row, request="PlaceCreate"), told)
    assert differs(replace(row, request=None), told)

"""What of which row goes to whom: every role, service and class of confidentiality, and every action with every fact."""

from itertools import product

import pytest

from gateway import operations
from shared.audit import rules
from shared.audit.rules import JournalKind
from shared.settings import DATABASES

SENTENCE = "He was told to keep silent about the third cell."
CODED = {
    "status": 403, "refusals": 10, "seconds": 600, "format": "csv", "filters": ["region"], "purpose": "supervision",
    "case_id": "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa", "person_ids": ["6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa"],
    "kind": "client", "effect": "blocked", "reason": "lost_device", "audience_class": "npm", "state": "active",
    "token_id": "7f-1", "error": "invalid_client", "roles": ["staff"], "proposed_roles": ["head"],
}  # fmt: skip
#: Facts that events carry and that nobody is shown, whatever the action.
NEVER = {
    "name", "aliases", "place_id", "place_ids", "expert_ids", "authority_id", "partner_id", "theme", "text", "note", "subject",
    "issuer", "person_id", "visit_id", "due_on", "expertise", "code", "c", "count_band", "level", "source",
}  # fmt: skip
#: By hand, from the page: which facts of which action are shown.
SHOWN: dict[str, set[str]] = {
    "access.denied": {"status"},
    "access.run_of_refusals": {"refusals", "seconds"},
    "complaints.complaint.assigned": {"person_ids"},
    "complaints.complaint.described": set(),
    "complaints.consent.given": {"case_id"},
    "complaints.narrative.read": {"purpose"},
    "complaints.pattern.detected": set(),
    "complaints.person_record.opened": set(),
    "complaints.person_record.revealed": {"case_id", "purpose"},
    "complaints.reveal.requested": {"purpose"},
    "gateway.access_revocation.made": {"kind", "effect", "reason"},
    "gateway.client.approved": {"audience_class", "state"},
    "gateway.client_key.approved": {"audience_class", "state"},
    "gateway.journal.read": {"filters"},
    "gateway.token.refused": {"token_id", "error"},
    "operations.operation.ended": {"kind", "state"},
    "recommendations.recommendation.transmitted": set(),
    "stakeholders.account.founded": {"audience_class", "state", "roles", "proposed_roles", "reason"},
    "stakeholders.conflict.declared": set(),
    "stakeholders.person.changed": set(),
    "visits.list.exported": {"format", "filters"},
    "visits.visit.planned": set(),
    "visits.visit_proposal.opened": set(),
}


@pytest.mark.parametrize(
    ("roles", "service", "confidentiality"),
    list(
        product(
            [{"head"}, {"head", "complaints_officer"}, {"data_protection_officer"}, set()],
            DATABASES,
            ["PUB", "AUT", "INT", "RES"],
        )
    ),
)
def test_ids_of_complaints_are_read_by_the_head_alone(roles: set[str], service: str, confidentiality: str) -> None:
    is_about_a_complaint = service == "complaints" and confidentiality == "RES"

    assert rules.reads_names(roles, service, confidentiality) == ("head" in roles or not is_about_a_complaint)


@pytest.mark.parametrize("action", SHOWN)
def test_of_each_action_exactly_the_named_facts_are_shown(action: str) -> None:
    told = {**dict.fromkeys(NEVER, "code"), **CODED}

    shown = rules.facts_shown(action, told, None)

    assert shown == {name: CODED[name] for name in SHOWN[action]}


@pytest.mark.parametrize("action", SHOWN)
@pytest.mark.parametrize(
    "said", [SENTENCE, "Quietfeather, C.", {"en": "x"}, [SENTENCE], ["a"] * 51, [["a"]], 1.5, None, ""]
)
def test_what_is_no_code_is_not_shown_under_any_name(action: str, said: object) -> None:
    assert rules.facts_shown(action, dict.fromkeys([*CODED, *NEVER], said), None) == {}


@pytest.mark.parametrize("action", SHOWN)
def test_whoever_reads_pseudonyms_reads_no_id_of_a_complaint(action: str) -> None:
    shown = rules.facts_shown(action, CODED, lambda name: f"pseudonym-{len(name)}")

    assert shown == {
        name: "pseudonym-36" if name == "case_id" else CODED[name] for name in SHOWN[action]
    }  # fmt: skip


def test_each_action_is_of_one_kind_and_what_is_not_watched_is_an_act() -> None:
    kinds = {action: rules.kind_of(action) for action in SHOWN}

    assert {action for action, kind in kinds.items() if kind is not JournalKind.ACT} == {
        "access.denied", "access.run_of_refusals", "complaints.reveal.requested", "complaints.person_record.revealed",
        "complaints.narrative.read", "gateway.journal.read", "visits.list.exported",
    }  # fmt: skip
    watched = [action for actions in rules.ACTIONS.values() for action in actions]
    assert len(watched) == len(set(watched))
    assert set(rules.ACTIONS) == set(JournalKind) - {JournalKind.ACT}


def test_a_row_that_names_no_id_says_so() -> None:
    uuid = CODED["case_id"]

    assert rules.names_a_hash("0f" * 16, "access.denied")
    assert rules.names_a_hash("0f" * 32, "complaints.reveal.requested")
    assert not rules.names_a_hash(str(uuid), "complaints.narrative.read")
    assert not rules.names_a_hash("visits", "access.run_of_refusals")


def test_there_is_a_watched_action_for_every_journaled_read() -> None:
    """A restricted read that is added later must be found by who watches over reads."""
    journaled = {
        row.operation for row in operations.table(with_development=True).operations.values() if row.journal_read
    }

    assert journaled == {"get_complaint_narrative", "reveal_person", "list_journal"}

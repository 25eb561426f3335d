"""Which rows each class finds in each table, by the access page: what the owner of the database counts for a persona.

A table of a class that is not named here has no rows for it, and a class outside the NPM may not find a table that is not.
"""

from deploy.migrations import protection_of
from shared.protection import Grant
from tests.access.expected import PERSONAS, scopes_of_role
from tests.access.matrix.kept import WITHOUT_ORIGIN, apart
from tests.access.matrix.objects import (
    ADDRESSED,
    APPROVES,
    BEGUN,
    DECIDING,
    EVERYBODY,
    FINDING,
    OF_REPORT,
    ON_TEAM,
    OPERATION,
    REPORT,
    SENT,
    VISIT,
    behind,
    facts,
)

_OF_VISIT = f"visit_id IN (SELECT id FROM visit WHERE {VISIT})"
_IN_USE = "status IN ('in_use', 'closed')"
_NPM = "{organisation}::uuid"
_EXPERT = "{expert}::uuid"
_OWN_IMPORT = "ordered_by = {subject}"
#: Assigned officers and the head; whom the decision matrix names to assign, while assigning. Nobody else.
_OWN_CASES = "({role} = 'head' OR ({role} = 'complaints_officer' AND {person} = ANY(assigned_ids::text[]))) AND NOT {person} = ANY(against_person_ids::text[])"
_CASES = f"({_OWN_CASES}) OR ({{role}} = 'member' AND {{deciding}} = 'complaints:complaints.assign' AND NOT {{person}} = ANY(against_person_ids::text[])) OR ({{role}} = 'member' AND {{deciding}} = 'gateway:imports.create' AND source IS NOT NULL AND NOT {{person}} = ANY(against_person_ids::text[]))"
_CASE = f"case_id IN (SELECT id FROM complaint WHERE {_OWN_CASES})"
_OFFICE = "{role} IN ('complaints_officer', 'head')"
#: What a partner sent waits for any of the unit; once it is a case, it is seen with the case.
_SENT_IN = f"{_OFFICE} AND (state NOT IN ('accepted', 'concluded') OR complaint_id IN (SELECT id FROM complaint WHERE {_OWN_CASES}))"
_EXPERTS_VISIT = (
    f"SELECT visit_id FROM visit_role WHERE person_id = {_EXPERT} "
    "AND coalesce(assignment_status, 'closed') NOT IN ('closed', 'withdrawn')"
)
_OPEN_REPORT = (
    "status IN ('drafting', 'internal_review', 'cleared', 'with_authorities', 'corrections_review') AND id IN "
    f"(SELECT report_id FROM report_comment WHERE person_id = {_EXPERT} AND status IN ('invited', 'given') AND due_on >= now()::date)"
)
_PUBLISHED = "recommendation_id IN (SELECT id FROM recommendation WHERE published_on IS NOT NULL)"
_PLACE_BEGUN = "has_begun AND first_on <= now()::date AND place_id IN (SELECT id FROM place WHERE operator_id = {organisation}::uuid)"

#: Who answers for who comes in; besides, for a client, whom the matrix names as the second person, while letting it in.
_ANSWERABLE = "{role} IN ('head', 'data_protection_officer', 'sysadmin')"
_WITH_SECOND = f"{_ANSWERABLE} OR ({{role}} = 'member' AND {{deciding}} = 'stakeholders:accounts.approve')"

#: By service and table: who finds what, by class.
ROWS: dict[tuple[str, str], dict[str, str]] = {
    ("visits", "place"): {"public": _IN_USE, "expert": _IN_USE, "partner": _IN_USE, "authority": f"operator_id = {_NPM}"},
    ("visits", "known_authority"): dict.fromkeys(("public", "expert", "authority", "partner"), EVERYBODY),
    ("visits", "visit"): {"npm": VISIT, "expert": f"id IN ({_EXPERTS_VISIT})", "authority": f"id IN (SELECT visit_id FROM visit_place WHERE {BEGUN})"},
    ("visits", "visit_place"): {"npm": _OF_VISIT, "expert": f"visit_id IN (SELECT visit_id FROM visit_role WHERE person_id = {_EXPERT})", "authority": _PLACE_BEGUN},
    ("visits", "visit_role"): {"npm": _OF_VISIT, "expert": f"person_id = {_EXPERT}"},
    ("visits", "known_accreditation"): {"expert": f"person_id = {_EXPERT}"},
    ("visits", "known_conflict"): {"expert": f"person_id = {_EXPERT}"},
    ("visits", "finding"): {"npm": FINDING},
    ("visits", "report"): {"npm": REPORT, "expert": _OPEN_REPORT},
    ("visits", "report_snapshot"): {"npm": OF_REPORT, "authority": f"recipient_id = {_NPM} AND purpose IN ('draft_shared', 'transmitted', 'corrected') AND status IS DISTINCT FROM 'recalled'", "public": "is_public"},
    ("visits", "factual_correction"): {"npm": OF_REPORT, "authority": f"authority_id = {_NPM}"},
    ("visits", "report_comment"): {"npm": OF_REPORT, "expert": f"person_id = {_EXPERT} AND status <> 'withdrawn'"},
    ("visits", "access_incident"): {"npm": f"visit_id IS NULL OR {_OF_VISIT}"},
    ("visits", "place_information"): {"partner": f"source_id = {_NPM}"},
    ("recommendations", "known_stakeholder"): dict.fromkeys(("public", "expert", "authority", "partner"), EVERYBODY),
    ("recommendations", "known_place"): dict.fromkeys(("public", "expert", "authority"), _IN_USE),
    ("recommendations", "visit_team"): {"expert": f"expert_id = {_EXPERT}"},
    ("recommendations", "recommendation"): {"authority": SENT, "expert": f"state <> 'dropped' AND {ON_TEAM}", "public": "published_on IS NOT NULL"},
    ("recommendations", "draft_comment"): {"expert": f"expert_id = {_EXPERT}"},
    ("recommendations", "addressee"): {"authority": ADDRESSED, "expert": f"recommendation_id IN (SELECT id FROM recommendation WHERE state <> 'dropped' AND {ON_TEAM})", "public": _PUBLISHED},
    ("recommendations", "authority_response"): {"npm": "state IN ('submitted', 'superseded')", "authority": f"authority_id = {_NPM}", "public": f"state = 'submitted' AND publication <> 'none' AND {_PUBLISHED}"},
    ("recommendations", "extension_request"): {"authority": f"authority_id = {_NPM}"},
    ("complaints", "known_place"): {"partner": _IN_USE},
    ("complaints", "known_stakeholder"): {"partner": "kind IN ('authority', 'department')"},
    ("complaints", "complaint"): {"npm": _CASES},
    ("complaints", "complaint_referral"): {"npm": _SENT_IN, "partner": f"partner_id = {_NPM}"},
    ("complaints", "case_text"): {"npm": f"{{role}} IN ('head', 'complaints_officer') AND {_CASE}"},
    ("complaints", "person_record"): {"npm": f"({{role}} = 'vault_keeper' OR ({{role}} IN ('head', 'complaints_officer') AND {_CASE})) AND NOT {{person}} = ANY(shut_out::text[])"},
    ("complaints", "reveal"): {"npm": "person_id = {person}"},
    ("complaints", "consent"): {"npm": f"{{role}} = 'data_protection_officer' OR ({{role}} IN ('head', 'complaints_officer') AND {_CASE})", "partner": f"case_id IN (SELECT complaint_id FROM complaint_referral WHERE partner_id = {_NPM})"},
    ("complaints", "partner_profile"): {"npm": _OFFICE, "partner": f"partner_id = {_NPM}"},
    ("complaints", "complaint_count"): {"npm": "NOT is_new OR {role} IN ('head', 'complaints_officer')"},
    ("stakeholders", "stakeholder"): {"authority": f"id = {_NPM}", "partner": f"id = {_NPM}", "expert": f"id IN (SELECT target_id FROM conflict_declaration WHERE person_id = {_EXPERT} UNION SELECT authority_id FROM accreditation WHERE person_id = {_EXPERT})"},
    ("stakeholders", "contact"): {"authority": f"stakeholder_id = {_NPM}", "partner": f"stakeholder_id = {_NPM}"},
    ("stakeholders", "mou"): {"partner": f"partner_id = {_NPM} AND status IN ('signed', 'under_review', 'suspended', 'terminated')"},
    ("stakeholders", "person"): {"expert": f"id = {_EXPERT}", "authority": f"id IN (SELECT person_id FROM accreditation WHERE authority_id = {_NPM} AND status IN ('requested', 'granted'))"},
    ("stakeholders", "expert_engagement"): {"expert": f"person_id = {_EXPERT}"},
    ("stakeholders", "expert_signature"): {"expert": f"person_id = {_EXPERT}"},
    ("stakeholders", "accreditation"): {"authority": f"authority_id = {_NPM} AND status IN ('requested', 'granted')", "expert": f"person_id = {_EXPERT}"},
    ("stakeholders", "conflict_declaration"): {"npm": "{role} IN ('head', 'data_protection_officer') OR person_id::text = {person}", "expert": f"person_id = {_EXPERT}"},
    ("stakeholders", "known_place"): {"expert": f"id IN (SELECT target_id FROM conflict_declaration WHERE person_id = {_EXPERT})"},
    ("stakeholders", "account"): {"npm": APPROVES},
    ("gateway", "access_revocation"): {"npm": _ANSWERABLE},
    ("gateway", "client"): {"npm": _WITH_SECOND, **dict.fromkeys(("authority", "partner"), "id::text = {subject}")},
    ("gateway", "client_key"): {"npm": _WITH_SECOND, **dict.fromkeys(("authority", "partner"), "client_id::text = {subject}")},
    ("gateway", "client_assertion"): dict.fromkeys(("authority", "partner"), "client_id::text = {subject}"),
    ("stakeholders", "remuneration_rules"): {"public": "published_on <= now()::date"},
}  # fmt: skip
#: By service: which scope of the access page opens what is the institution's. Every table that the NPM reads stands here, in
#: `_OF_EVERYBODY`, or has a condition above that names the roles; a condition above narrows further.
_OPENED_BY: dict[str, dict[str, tuple[str, ...]]] = {
    "visits": {
        "visits:places.read": ("place", "place_signal", "place_score", "place_information", "place_match", "known_authority", "priority_run", "watched_recommendation"),
        "visits:visits.read": ("plan", "visit", "visit_place", "visit_role", "visit_proposal", "finding", "external_visit", "access_incident", "known_person", "known_accreditation", "known_conflict"),
        "visits:reports.read": ("report", "report_snapshot", "report_comment", "factual_correction", "known_recommendation"),
    },
    "recommendations": {
        "recommendations:recommendations.read": ("recommendation", "addressee", "addressee_match", "assessment", "authority_response", "draft_comment", "escalation", "evidence", "extension_request", "known_person", "known_place", "known_report", "known_stakeholder", "visit_team"),
    },
    "complaints": {
        "complaints:patterns.read": ("pattern", "silence", "analysis_run", "complaint_count", "watched_recommendation"),
        "complaints:intake.write": ("known_place", "known_person", "known_stakeholder"),
    },
    "stakeholders": {
        "stakeholders:directory.read": ("stakeholder", "contact", "authority_entry", "accreditation", "expert_engagement", "expert_signature", "mou", "person"),
        "stakeholders:contracts.read": ("expert_engagement", "expert_signature"),
        "stakeholders:dialogue.read": ("engagement", "answer_record"),
        "stakeholders:conflicts.declare": ("known_place",),
    },
}  # fmt: skip
#: Who decides what, and published rules: nothing that anybody of the house is kept from.
_OF_EVERYBODY = {("stakeholders", "decision_matrix_entry"), ("stakeholders", "remuneration_rules")}
#: What opens to somebody whom no scope opens the table: the own entry.
_BESIDES = {("stakeholders", "person"): "id::text = {person}"}
_EVERYWHERE = {
    "operation": OPERATION,
    "journal": "{role} IN ('head', 'data_protection_officer')",
    "import_run": _OWN_IMPORT,
    "import_row": _OWN_IMPORT,
    "import_problem": _OWN_IMPORT,
}


def readable(service: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Give table, class and columns of everything that an outer class may read in a service, as it is declared."""
    found = []
    for protection in protection_of(service).PROTECTIONS:
        table = protection_of(service).METADATA.tables[protection.table]
        for role in ("npm", "expert", "authority", "partner", "public"):
            columns = protection.grants.get(role, Grant()).select
            if columns:
                every = tuple(column.name for column in table.columns)
                found.append((protection.table, role, every if columns == "*" else tuple(columns)))
    return found


def everyone(role: str) -> list[str]:
    """Give the personas of a class; of the public there is nobody in particular."""
    if role == "public":
        return [""]
    apart_from_tokens = [WITHOUT_ORIGIN, *DECIDING] if role == "npm" else []
    return [name for name, told in PERSONAS.items() if told["class"] == role] + apart_from_tokens


def expected_rows(service: str, table: str, role: str, persona: str, origin: tuple[str, ...]) -> str | None:
    """Give in SQL which rows a persona finds; None where the access page gives the class no rows of that table."""
    told = _EVERYWHERE.get(table) or ROWS.get((service, table), {}).get(role)
    if role == "npm":
        told = _of_the_npm(service, table, persona, told)
    if told is None:
        return None
    own = told.format(**{name: f"'{value}'" for name, value in facts(persona, service).items()})
    return apart(service, table, own, persona, origin)


def _of_the_npm(service: str, table: str, persona: str, told: str | None) -> str | None:
    """Narrow a condition of the NPM, or what has none, to whom the access page's scopes open the table."""
    if (service, table) in _OF_EVERYBODY:
        return EVERYBODY
    scopes = {scope for scope, tables in _OPENED_BY.get(service, {}).items() if table in tables}
    if not scopes:
        return told
    if scopes & scopes_of_role(PERSONAS[behind(persona)]["roles"][0]):
        return told or EVERYBODY
    return _BESIDES.get((service, table), "false")

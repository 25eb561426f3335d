"""Which things there are, and which of them are whose: asked of the owner of each database, never of the code under test.

For every path with an id: the things there are, and in SQL the words of the access page's object condition for a persona.
A template without an id stands for the one thing of its kind that a caller has, such as an expert's contract.
"""

from dataclasses import dataclass

from gateway.development import PERSONAS
from shared.settings import SERVICES
from tests.access.expected import PERSONAS as TOLD
from tests.access.matrix.kept import SECONDEES, apart

#: No institution and no person has this id.
NOBODY = "00000000-0000-4000-8000-000000000000"
EVERYBODY = "true"
OFFICER = "({role} = 'complaints_officer' AND {person} = ANY(assigned_ids::text[]))"
COMPLAINT = f"({{role}} = 'head' OR {OFFICER} OR ({{role}} = 'member' AND {{decides}})) AND NOT {{person}} = ANY(against_person_ids::text[])"
CASE = f"case_id IN (SELECT id FROM complaint WHERE {COMPLAINT})"
#: What a partner sent waits for any of the unit; once it is a case, it is seen with the case.
REFERRAL = f"state NOT IN ('accepted', 'concluded') OR complaint_id IN (SELECT id FROM complaint WHERE {COMPLAINT})"
VAULT = f"({{role}} = 'vault_keeper' OR {CASE}) AND NOT {{person}} = ANY(shut_out::text[])"
#: The decision matrix of the country itself, and not what a token of the tests says, names who approves accounts.
APPROVES = (
    "{role} IN ('sysadmin', 'head') OR ({role} = 'member' AND EXISTS (SELECT 1 FROM decision_matrix_entry m "
    "WHERE m.topic = 'accounts' AND {person} IN (m.decider_id::text, m.deputy_id::text)))"
)
VISIT = (
    "announcement <> 'unannounced' OR begun_on IS NOT NULL OR {role} = 'head' OR {person} = ANY(team::text[]) "
    "OR (status = 'proposed' AND created_by = {subject})"
)
TEAM = "visit_id IN (SELECT id FROM visit WHERE {role} = 'head' OR {person} = ANY(team::text[]))"
FINDING = f"{TEAM} OR visit_id IN (SELECT id FROM visit WHERE status = 'closed')"
REPORT = (
    "status IN ('approved', 'transmitted', 'published', 'withheld') OR {role} IN ('head', 'member') "
    "OR {person} IN (drafter_id::text, created_by) OR ({role} IN ('staff', 'secondee') AND cardinality(visit_ids) = 0) "
    "OR EXISTS (SELECT 1 FROM visit_role v WHERE v.visit_id = ANY(visit_ids) AND v.person_id::text = {person})"
)
OF_REPORT = f"report_id IN (SELECT id FROM report WHERE {REPORT})"
#: No persona is of one department: an account without one has what was sent to its authority.
ADDRESSED = "stakeholder_id = {organisation}::uuid AND requested_on IS NOT NULL"
SENT = f"id IN (SELECT recommendation_id FROM addressee WHERE {ADDRESSED}) AND transmitted_on IS NOT NULL"
BEGUN = (
    "visit_id IN (SELECT v.visit_id FROM visit_place v JOIN place p ON p.id = v.place_id "
    "WHERE p.operator_id = {organisation}::uuid AND v.has_begun AND v.first_on <= now()::date)"
)
ON_TEAM = "visit_id IN (SELECT visit_id FROM visit_team WHERE expert_id = {expert}::uuid)"
OPERATION = "subject = {subject} AND audience = {database_role}"
#: Somebody whom the decision matrix names, in the middle of an operation of that decision; and what it asks for.
DECIDING = {
    "deputy-head, assigning": ("deputy-head", "complaints:complaints.assign"),
    "deputy-head, importing": ("deputy-head", "gateway:imports.create"),
    "deputy-head, letting in": ("deputy-head", "stakeholders:accounts.approve"),
    # a decision scope by itself makes nobody a colleague of the unit
    "sysadmin, as if assigning": ("sysadmin", "complaints:complaints.assign"),
}


def behind(persona: str) -> str:
    """Give the persona whose person it is."""
    return "secondee" if persona in SECONDEES else DECIDING.get(persona, (persona, ""))[0]


@dataclass(frozen=True)
class Kind:
    """One kind of thing: its paths, the service that keeps it, all of them, and whose they are."""

    template: str
    service: str
    columns: str
    source: str
    own: str = EVERYBODY


def _npm(template: str, service: str, columns: str, source: str, own: str = EVERYBODY) -> Kind:
    return Kind(f"/v1/npm/{template}", service, columns, source, own)


def _import(collection: str, service: str, kind: str) -> Kind:
    return _npm(
        f"{collection}/imports/{{operation_id}}", service, "id", f"operation WHERE kind = 'import_{kind}'", OPERATION
    )


_VISITS = (
    _npm("access-incidents/{incident_id}", "visits", "id", "access_incident"),
    _npm("external-visits/{external_visit_id}", "visits", "id", "external_visit"),
    _npm("place-matches/{match_id}", "visits", "id", "place_match"),
    _npm("places/{place_id}", "visits", "id", "place"),
    _npm("places/{place_id}/information/{information_id}", "visits", "place_id, id", "place_information"),
    _npm("plans/{plan_id}", "visits", "id", "plan"),
    _npm("priority-runs/{run_id}", "visits", "id", "priority_run"),
    _npm("visit-proposals/{proposal_id}", "visits", "id", "visit_proposal"),
    _npm("visits/{visit_id}", "visits", "id", "visit", VISIT),
    _npm("visits/{visit_id}/findings/{finding_id}", "visits", "visit_id, id", "finding", FINDING),
    _npm("visits/{visit_id}/team/{role_id}", "visits", "visit_id, id", "visit_role", f"visit_id IN (SELECT id FROM visit WHERE {VISIT})"),
    _npm("reports/{report_id}", "visits", "id", "report", REPORT),
    _npm("reports/{report_id}/comments/{comment_id}", "visits", "report_id, id", "report_comment", OF_REPORT),
    _npm("reports/{report_id}/corrections/{correction_id}", "visits", "report_id, id", "factual_correction", OF_REPORT),
    _npm("reports/{report_id}/transmissions/{transmission_id}", "visits", "report_id, id", "report_snapshot WHERE recipient_id IS NOT NULL", OF_REPORT),
    _import("places", "visits", "places"),
    _import("place-aliases", "visits", "place_aliases"),
    _import("visits", "visits", "visits"),
)  # fmt: skip
_RECOMMENDATIONS = (
    _npm("addressee-matches/{match_id}", "recommendations", "id", "addressee_match"),
    _npm("escalations/{escalation_id}", "recommendations", "id", "escalation"),
    _npm("extension-requests/{extension_request_id}", "recommendations", "id", "extension_request"),
    _npm("recommendations/{recommendation_id}", "recommendations", "id", "recommendation"),
    _npm("recommendations/{recommendation_id}/addressees/{addressee_id}", "recommendations", "recommendation_id, id", "addressee"),
    _npm("recommendations/{recommendation_id}/assessments/{assessment_id}", "recommendations", "recommendation_id, id", "assessment"),
    _npm("recommendations/{recommendation_id}/evidence/{evidence_id}", "recommendations", "recommendation_id, id", "evidence"),
    _npm("responses/{response_id}", "recommendations", "id", "addressee"),
    _import("recommendations", "recommendations", "recommendations"),
)  # fmt: skip
_COMPLAINTS = (
    _npm("analysis-runs/{run_id}", "complaints", "id", "analysis_run"),
    _npm("complaint-referrals/{referral_id}", "complaints", "id", "complaint_referral", REFERRAL),
    _npm("complaints/{complaint_id}", "complaints", "id", "complaint", COMPLAINT),
    _npm("complaints/{complaint_id}/consents/{consent_id}", "complaints", "case_id, id", "consent", CASE),
    _npm("partner-profiles/{profile_id}", "complaints", "id", "partner_profile"),
    _npm("patterns/{pattern_id}", "complaints", "id", "pattern"),
    _npm("person-records/{person_record_id}", "complaints", "id", "person_record", VAULT),
    _npm("silences/{silence_id}", "complaints", "id", "silence"),
    _import("complaints", "complaints", "complaints"),
)
_STAKEHOLDERS = (
    _npm("accreditations/{accreditation_id}", "stakeholders", "id", "accreditation"),
    # a proposal is read under the id of its account, also after the decision
    _npm("accounts/{account_id}", "stakeholders", "id", "account"),
    _npm("account-proposals/{account_id}", "stakeholders", "id", "account", APPROVES),
    _npm("authorities/{authority_id}", "stakeholders", "id", "stakeholder WHERE kind IN ('authority', 'department')"),
    _npm("authorities/{authority_id}/contacts/{contact_id}", "stakeholders", "stakeholder_id, id", "contact"),
    _npm("authority-matches/{match_id}", "stakeholders", "id", "authority_entry WHERE state <> 'clear'"),
    _npm("briefings/authorities/{authority_id}", "stakeholders", "id", "stakeholder WHERE kind IN ('authority', 'department')"),
    _npm("conflicts/{conflict_id}", "stakeholders", "id", "conflict_declaration",
         "{role} IN ('head', 'data_protection_officer') OR person_id::text = {person}"),
    _npm("engagements/{engagement_id}", "stakeholders", "id", "engagement"),
    _npm("experts/{expert_id}", "stakeholders", "id", "person WHERE kind = 'expert'"),
    _npm("experts/{expert_id}/engagements/{engagement_id}", "stakeholders", "person_id, id", "expert_engagement"),
    _npm("mous/{mou_id}", "stakeholders", "id", "mou"),
    _npm("operations/{operation_id}", "stakeholders", "id", "operation", OPERATION),
    _npm("persons/{person_id}", "stakeholders", "id", "person WHERE kind <> 'expert'"),
    _import("accreditations", "stakeholders", "accreditations"),
    _import("authorities", "stakeholders", "authorities"),
    _import("experts", "stakeholders", "expert_engagements"),
    _import("mous", "stakeholders", "mous"),
    _import("persons", "stakeholders", "persons"),
)  # fmt: skip
_GATEWAY = (
    _npm("access-revocations/{revocation_id}", "gateway", "id", "access_revocation"),
    _npm("clients/{client_id}", "gateway", "id", "client"),
    _npm("client-proposals/{client_id}", "gateway", "id", "client"),
    _npm("clients/{client_id}/keys", "gateway", "id", "client"),
    _npm("clients/{client_id}/keys/{kid}", "gateway", "client_id, kid", "client_key"),
)
_OUTSIDE = (
    Kind("/v1/authority/operations/{operation_id}", "visits", "id", "operation", OPERATION),
    Kind("/v1/authority/recommendations/{recommendation_id}", "recommendations", "id", "recommendation", SENT),
    Kind("/v1/authority/recommendations/{recommendation_id}/extension-requests/{extension_request_id}", "recommendations", "recommendation_id, id", "extension_request", "authority_id = {organisation}::uuid"),
    Kind("/v1/authority/recommendations/{recommendation_id}/responses/{response_id}", "recommendations", "recommendation_id, id", "authority_response", "authority_id = {organisation}::uuid"),
    Kind("/v1/authority/reports/{report_id}", "visits", "id", "report_snapshot WHERE recipient_id IS NOT NULL", "recipient_id = {organisation}::uuid"),
    Kind("/v1/authority/reports/{report_id}/corrections/{correction_id}", "visits", "snapshot_id, id", "factual_correction", "authority_id = {organisation}::uuid"),
    Kind("/v1/authority/visits/{visit_id}", "visits", "visit_id", "visit_place", BEGUN),
    Kind("/v1/expert/conflicts/{conflict_id}", "stakeholders", "id", "conflict_declaration", "person_id = {expert}::uuid"),
    Kind("/v1/expert/contract", "stakeholders", "", "expert_engagement", "person_id = {expert}::uuid"),
    Kind("/v1/expert/operations/{operation_id}", "visits", "id", "operation", OPERATION),
    Kind("/v1/expert/recommendations/{recommendation_id}", "recommendations", "id", "recommendation", ON_TEAM),
    Kind("/v1/expert/recommendations/{recommendation_id}/comments/{comment_id}", "recommendations", "recommendation_id, id", "draft_comment", "expert_id = {expert}::uuid"),
    Kind("/v1/expert/reports/{report_id}", "visits", "report_id", "report_comment", "person_id = {expert}::uuid"),
    Kind("/v1/expert/reports/{report_id}/comments/{comment_id}", "visits", "report_id, id", "report_comment", "person_id = {expert}::uuid"),
    Kind("/v1/expert/visits/{visit_id}", "visits", "visit_id", "visit_role", "person_id = {expert}::uuid"),
    Kind("/v1/partner/complaint-referrals/{external_id}", "complaints", "external_id", "complaint_referral", "partner_id = {organisation}::uuid"),
    Kind("/v1/partner/mou", "stakeholders", "", "mou WHERE status IN ('signed', 'under_review', 'suspended', 'terminated')", "partner_id = {organisation}::uuid"),
    Kind("/v1/authority/client-keys/{kid}", "gateway", "kid", "client_key", "client_id::text = {subject}"),
    Kind("/v1/partner/client-keys/{kid}", "gateway", "kid", "client_key", "client_id::text = {subject}"),
    Kind("/v1/partner/operations/{operation_id}", "visits", "id", "operation", OPERATION),
    Kind("/v1/partner/place-information/{information_id}", "visits", "id", "place_information", "source_id = {organisation}::uuid"),
    Kind("/v1/public/places/{place_id}", "visits", "id", "place", "status IN ('in_use', 'closed')"),
    Kind("/v1/public/recommendations/{recommendation_id}", "recommendations", "id", "recommendation", "published_on IS NOT NULL"),
    Kind("/v1/public/reports/{report_id}", "visits", "report_id", "report_snapshot", "is_public"),
    Kind("/v1/public/vocabularies/{name}", "visits", "name", "(VALUES ('access_purpose')) AS known (name)"),
)  # fmt: skip
#: Operations of one's own inside a service, which the gateway asks on the caller's behalf.
_INSIDE = tuple(
    Kind(f"/v1/{audience}/{service}-operations/{{operation_id}}", service, "id", "operation", OPERATION)
    for audience in ("npm", "expert", "authority", "partner")
    for service in SERVICES
)
#: Who has a role in a visit, or leads the NPM: not a path of its own, and asked for by the rows of the condition `team`.
TEAM_OF = "team of /v1/npm/visits/{visit_id}"
_TEAM_OF = Kind(TEAM_OF, "visits", "id", "visit", "{role} = 'head' OR {person} = ANY(team::text[])")
KINDS = {
    kind.template: kind
    for kind in (_TEAM_OF, *_INSIDE, *_VISITS, *_RECOMMENDATIONS, *_COMPLAINTS, *_STAKEHOLDERS, *_GATEWAY, *_OUTSIDE)
}


def kind_of(template: str) -> Kind | None:
    """Give the kind whose thing a path names: the one of its last id, or the one thing a caller has."""
    known = [each for each in KINDS if template == each or template.startswith(f"{each}/")]
    return KINDS[max(known, key=len)] if known else None


def statement(kind: Kind, persona: str, origin: tuple[str, ...]) -> str:
    """Write the SQL that gives every thing of a kind, and in its last column whether it is the persona's own."""
    own = kind.own.format(**{name: f"'{value}'" for name, value in facts(persona, kind.service).items()})
    if not kind.template.startswith("/v1/public/"):
        own = apart(kind.service, kind.source.split()[0], own, persona, origin)
    columns = f"{kind.columns}, " if kind.columns else ""
    return f"SELECT DISTINCT {columns}coalesce(({own}), false) AS own FROM {kind.source}"


def facts(persona: str, service: str) -> dict[str, str]:
    """Give what a condition may ask of a persona; nobody is the public."""
    if not persona:
        nobody = dict.fromkeys(("subject", "person", "role", "deciding"), "")
        return {**nobody, "decides": "false", "organisation": NOBODY, "expert": NOBODY, "database_role": ""}
    name = behind(persona)
    known, told = PERSONAS[name], TOLD[name]
    bound = dict(known.bound)
    return {
        "subject": known.subject,
        "person": bound.get("expert_id", known.subject),
        "role": told["roles"][0],
        "decides": "true" if told.get("decides") else "false",
        "deciding": DECIDING.get(persona, ("", ""))[1],
        "organisation": bound.get("authority_id", bound.get("partner_id", NOBODY)),
        "expert": bound.get("expert_id", NOBODY),
        "database_role": f"{service}_{told['class']}",
    }

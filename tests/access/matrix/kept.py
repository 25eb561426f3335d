"""What the secondee is kept from, table by table: what concerns the origin, all that hangs under it, and their places.

Counted by the owner of the database, above all policies; a part of a thing is kept together with its whole.
"""

_O = "ANY({origin}::uuid[])"
_AT_HOME = f"SELECT p.id FROM place p WHERE p.operator_id = {_O} OR EXISTS (SELECT 1 FROM jsonb_array_elements(p.supervising) s WHERE (s ->> 'authority_id')::uuid = {_O})"
_PLACE = f"place_id IN ({_AT_HOME})"
_PLACES = f"place_ids && ARRAY({_AT_HOME})"
_VISITS = f"SELECT v.visit_id FROM visit_place v WHERE v.{_PLACE}"
_VISIT = f"visit_id IN ({_VISITS})"
_REPORTS = (
    f"SELECT r.id FROM report r WHERE r.{_PLACES} OR r.visit_ids && ARRAY({_VISITS}) "
    f"OR r.id IN (SELECT t.report_id FROM report_snapshot t WHERE t.recipient_id = {_O})"
)
_REPORT = f"report_id IN ({_REPORTS})"
_AUTHORITY = f"authority_id = {_O}"
_STAKEHOLDER = f"stakeholder_id = {_O}"
_ITSELF = f"id = {_O}"
#: Services other than visits know of a place who runs it.
_KNOWN_AT_HOME = f"SELECT p.id FROM known_place p WHERE p.operator_id = {_O}"
_KNOWN_PLACE = f"place_id IN ({_KNOWN_AT_HOME})"
_KNOWN_PLACES = f"place_ids && ARRAY({_KNOWN_AT_HOME})"
_VISITS_KNOWN = f"SELECT v.id FROM known_visit v WHERE v.{_KNOWN_PLACES}"
_REPORTS_KNOWN = f"SELECT t.id FROM known_report t WHERE t.{_KNOWN_PLACES} OR t.visit_ids && ARRAY({_VISITS_KNOWN})"
_ADDRESSED = (
    f"SELECT r.id FROM recommendation r WHERE r.{_KNOWN_PLACES} OR r.addressed_ids && {{origin}}::uuid[] "
    f"OR r.visit_id IN ({_VISITS_KNOWN}) OR r.report_id IN ({_REPORTS_KNOWN})"
)
_RECOMMENDATION = f"recommendation_id IN ({_ADDRESSED})"
_PLANNED = "jsonb_path_query(jsonb_build_array(objectives, activities, reviews, amendments, adopted_content), '$.**.place_ids[*]')"

#: By service and table: which rows the secondee never finds. What is not named here is kept from nobody.
KEPT: dict[tuple[str, str], str] = {
    ("visits", "place"): f"id IN ({_AT_HOME})",
    ("visits", "place_signal"): _PLACE,
    ("visits", "place_score"): _PLACE,
    ("visits", "place_information"): _PLACE,
    ("visits", "place_match"): f"{_PLACE} OR EXISTS (SELECT 1 FROM jsonb_array_elements(candidates) c WHERE (c ->> 'id')::uuid IN ({_AT_HOME}))",
    ("visits", "known_authority"): _ITSELF,
    ("visits", "known_accreditation"): _AUTHORITY,
    ("visits", "known_conflict"): f"target_id = {_O} OR target_id IN ({_AT_HOME})",
    ("visits", "visit"): f"id IN ({_VISITS})",
    ("visits", "visit_place"): _VISIT,
    ("visits", "visit_role"): _VISIT,
    ("visits", "finding"): _VISIT,
    ("visits", "visit_proposal"): _PLACE,
    ("visits", "external_visit"): _PLACES,
    ("visits", "access_incident"): f"{_PLACE} OR {_AUTHORITY} OR {_VISIT}",
    ("visits", "plan"): f"EXISTS (SELECT 1 FROM {_PLANNED} one WHERE (one #>> '{{{{}}}}')::uuid IN ({_AT_HOME}))",
    ("visits", "report"): f"id IN ({_REPORTS})",
    ("visits", "report_comment"): _REPORT,
    ("visits", "report_snapshot"): _REPORT,
    ("visits", "factual_correction"): f"{_REPORT} OR {_AUTHORITY}",
    ("visits", "watched_recommendation"): _PLACES,
    ("visits", "known_recommendation"): f"{_PLACES} OR authority_ids && {{origin}}::uuid[]",
    # its counts are over all places
    ("visits", "priority_run"): "true",
    ("recommendations", "known_report"): f"id IN ({_REPORTS_KNOWN})",
    ("recommendations", "known_stakeholder"): _ITSELF,
    ("recommendations", "known_place"): f"id IN ({_KNOWN_AT_HOME})",
    ("recommendations", "recommendation"): f"id IN ({_ADDRESSED})",
    ("recommendations", "addressee"): _RECOMMENDATION,
    ("recommendations", "addressee_match"): _STAKEHOLDER,
    ("recommendations", "assessment"): _RECOMMENDATION,
    ("recommendations", "authority_response"): _RECOMMENDATION,
    ("recommendations", "draft_comment"): _RECOMMENDATION,
    ("recommendations", "escalation"): _STAKEHOLDER,
    ("recommendations", "evidence"): _RECOMMENDATION,
    ("recommendations", "extension_request"): _RECOMMENDATION,
    ("complaints", "known_stakeholder"): _ITSELF,
    ("complaints", "known_place"): f"id IN ({_KNOWN_AT_HOME})",
    ("complaints", "watched_recommendation"): _KNOWN_PLACES,
    # a pattern over many places, and figures about all of them, speak of the origin as well
    ("complaints", "pattern"): f"place_id IS NULL OR {_KNOWN_PLACE} OR {_AUTHORITY}",
    ("complaints", "silence"): _KNOWN_PLACE,
    ("complaints", "analysis_run"): "true",
    ("complaints", "complaint_count"): "true",
    ("stakeholders", "stakeholder"): _ITSELF,
    ("stakeholders", "authority_entry"): f"{_STAKEHOLDER} OR candidate_ids ?| {{origin}}::text[] OR parent_ids ?| {{origin}}::text[]",
    ("stakeholders", "contact"): _STAKEHOLDER,
    ("stakeholders", "engagement"): "counterpart_ids && {origin}::uuid[]",
    ("stakeholders", "answer_record"): _AUTHORITY,
    ("stakeholders", "mou"): f"partner_id = {_O}",
    ("stakeholders", "accreditation"): _AUTHORITY,
    ("stakeholders", "known_place"): f"id IN ({_KNOWN_AT_HOME})",
}  # fmt: skip

#: The origin of the country's secondee with all that hangs under it, as the owner of the directory counts it.
ORIGIN = """
WITH RECURSIVE home(id) AS (
  SELECT (p.secondment ->> 'origin_id')::uuid FROM person p WHERE p.id = $1
  UNION SELECT s.id FROM stakeholder s JOIN home h ON s.parents @> jsonb_build_array(jsonb_build_object('id', h.id::text))
) SELECT id::text FROM home WHERE id IS NOT NULL ORDER BY 1
"""


#: A secondee whose origin nobody knows: finds nothing of what a known origin would be kept from.
WITHOUT_ORIGIN = "secondee without an origin"
SECONDEES = ("secondee", WITHOUT_ORIGIN)
#: Kept from a secondee without an origin alone.
NAMES: frozenset[tuple[str, str]] = frozenset(
    {
        ("recommendations", "known_person"),
        ("stakeholders", "conflict_declaration"),
    }
)
#: Kept twice: the table's other policy asks for a whole that the secondee does not find either.
DOUBLED: frozenset[tuple[str, str]] = frozenset({("visits", "visit_place")})


def apart(service: str, table: str, own: str, persona: str, origin: tuple[str, ...]) -> str:
    """Narrow what a persona may find in a table by what the persona is kept from."""
    if persona == WITHOUT_ORIGIN and (service, table) in KEPT.keys() | NAMES:
        return "false"
    if persona != "secondee" or (service, table) not in KEPT:
        return own
    home = "'{" + ",".join(origin) + "}'"
    return f"({own}) AND ({KEPT[service, table].format(origin=home)}) IS NOT TRUE"

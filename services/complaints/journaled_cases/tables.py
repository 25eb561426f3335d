"""Rights on this service's journal: whoever is kept from a case is kept from the rows about it. No table of its own.

A row names its case as its subject, among its facts, or by a part of the case.
"""

from shared.audit import tables as audit
from shared.protection import (
    EXCLUDED_PLACES,
    PERSON,
    Policy,
    for_the_npm_alone,
    is_excluded_authority,
)

#: It looks past the policies of the case, which hide it from that very person, and tells nothing but this. Somebody complained of,
#: shut out of a record, or kept from a place, from who runs it or from who is answerable, whatever the role.
_KEPT = f"""
CREATE OR REPLACE FUNCTION is_kept_from_journaled(subject text, told jsonb) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  WITH named AS MATERIALIZED (
    SELECT CASE WHEN subject ~ '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' THEN subject::uuid END AS id,
      (told ->> 'case_id')::uuid AS case_id),
  cases AS (
    SELECT n.id FROM named n UNION SELECT n.case_id FROM named n
    UNION SELECT p.case_id FROM named n JOIN person_record p ON p.id = n.id
    UNION SELECT r.complaint_id FROM named n JOIN complaint_referral r ON r.id = n.id)
  SELECT EXISTS (
    SELECT 1 FROM cases f JOIN complaint c ON c.id = f.id LEFT JOIN known_place k ON k.id IN (c.place_id, c.present_place_id)
    WHERE {PERSON}::uuid = ANY(c.against_person_ids) OR c.place_id::text = ANY({EXCLUDED_PLACES})
      OR c.present_place_id::text = ANY({EXCLUDED_PLACES}) OR {is_excluded_authority("c.authority_id")}
      OR {is_excluded_authority("k.operator_id")})
  OR EXISTS (SELECT 1 FROM named n JOIN person_record p ON p.id = n.id WHERE {PERSON}::uuid = ANY(p.shut_out))
$$"""  # noqa: S608 - fixed text
FUNCTIONS = (_KEPT, *for_the_npm_alone("complaints", "is_kept_from_journaled(text, jsonb)"))

PROTECTIONS = audit.protections(
    Policy(
        condition="institution",
        using="confidentiality <> 'RES' OR NOT is_kept_from_journaled(subject_id, payload)",
        command="SELECT",
        is_restrictive=True,
    )
)

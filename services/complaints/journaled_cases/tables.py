"""Rights on this service's journal: whoever is kept from a case is kept from the rows about it. No table of its own.

A row names its case as its subject, among its facts, or by a part of the case.
"""

from shared.audit import tables as audit
from shared.protection import (
    PERSON,
    Policy,
    for_the_npm_alone,
)

#: It looks past the policies of the case, which hide it from that very person, and tells nothing but this: somebody complained of,
#: shut out of a record, or kept from what the case concerns, whatever the role.
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
  SELECT EXISTS (SELECT 1 FROM cases f WHERE f.id IS NOT NULL AND (is_complained_of(f.id) OR is_kept_from(f.id)))
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

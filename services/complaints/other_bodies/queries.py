"""The SQL behind every list that shows another body: the facts as one object, and the two judgements of `rules`; and the
trigger that carries the facts over to the case.
"""

from collections.abc import Mapping

from services.complaints.other_bodies.tables import COLUMNS


def shown(alias: str) -> str:
    """Write the columns `other_body`, `is_other_body_timely` and `is_other_body_overdue` of a table with these facts."""
    a = f"{alias}.other_body_"
    return f"""CASE WHEN {a}status IS NULL THEN NULL ELSE json_build_object('reference', {a}reference, 'level', {a}level,
    'received_on', {a}received_on, 'due_on', {a}due_on, 'extended', {a}is_extended, 'answered_on', {a}answered_on,
    'status', {a}status, 'status_reasons', {a}status_reasons, 'earlier_submissions', {a}earlier_submissions) END AS other_body,
  {timely(alias)} AS is_other_body_timely, {overdue(alias)} AS is_other_body_overdue"""


def timely(alias: str) -> str:
    """Write the rule `is_timely`: null while there is no answer or no day to hold it to."""
    return f"({alias}.other_body_answered_on <= {alias}.other_body_due_on)"


def overdue(alias: str) -> str:
    """Write the rule `is_overdue`."""
    return f"({alias}.other_body_answered_on IS NULL AND coalesce({alias}.other_body_due_on < a22_today(), false))"


def filters(alias: str) -> Mapping[str, str]:
    """Write the predicates of `OtherBodyFilters`."""
    return {
        "other_body_level": f"{alias}.other_body_level = ANY(:other_body_level::text[])",
        "other_body_status": f"{alias}.other_body_status = ANY(:other_body_status::text[])",
        "is_other_body_timely": f"{timely(alias)} = :is_other_body_timely::boolean",
        "is_other_body_overdue": f"{overdue(alias)} = :is_other_body_overdue::boolean",
    }


_SAME = ", ".join(f"{column} = NEW.{column}" for column in COLUMNS)
#: A partner reports on a complaint that it can neither read nor write: the owner carries the facts over to the case.
KEPT_ON_THE_COMPLAINT = (
    f"""
CREATE OR REPLACE FUNCTION keep_other_body() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE complaint SET {_SAME}, updated_at = a22_now() WHERE id = NEW.complaint_id;
  RETURN NULL;
END $$""",
    f"""CREATE OR REPLACE TRIGGER complaint_referral_told AFTER UPDATE OF {", ".join(COLUMNS)} ON complaint_referral
FOR EACH ROW WHEN (NEW.state IN ('accepted', 'concluded')) EXECUTE FUNCTION keep_other_body()""",
    "REVOKE EXECUTE ON FUNCTION keep_other_body() FROM PUBLIC",
)

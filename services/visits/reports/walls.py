"""Who sees what of reports, snapshots, corrections and comments: what PostgreSQL enforces."""

from services.visits.places.tables import IS_EXCLUDED
from services.visits.reports import tables  # noqa: F401 - declares what is protected here
from services.visits.visits.tables import own_conflict
from shared.protection import (
    AT_WORK,
    EVERYTHING,
    EXCLUDED_PLACES,
    EXPERT,
    ORGANISATION,
    PERSON,
    READ_AND_WRITE,
    Grant,
    Policy,
    Protection,
    apart_from,
    for_the_npm_alone,
    has_role,
    institution,
    is_any_excluded_authority,
    is_any_excluded_matter,
    is_any_unseen,
    is_excluded_authority,
)

_TEAM = f"""{AT_WORK} AND (status IN ('approved', 'transmitted', 'published', 'withheld')
  OR {has_role("head", "member")} OR drafter_id::text = {PERSON} OR created_by = {PERSON}
  OR ({has_role("staff", "secondee")} AND cardinality(visit_ids) = 0)
  OR EXISTS (SELECT 1 FROM visit_role v WHERE v.visit_id = ANY(visit_ids) AND v.person_id::text = {PERSON}))"""  # noqa: S608 - fixed text
_REPORT_VISIBLE = "EXISTS (SELECT 1 FROM report r WHERE r.id = report_id)"
_INVITED = f"person_id = {EXPERT} AND status IN ('invited', 'given') AND due_on >= a22_today()"
#: An invited expert, while the period is open; through the wall of `visit`, on the team and accredited; and without a
#: conflict about its places, whether the report is about visits or not.
_COMMENT_OPEN = f"""status IN ('drafting', 'internal_review', 'cleared', 'with_authorities', 'corrections_review') AND EXISTS (
  SELECT 1 FROM report_comment c WHERE c.report_id = report.id AND c.person_id = {EXPERT}
    AND c.status IN ('invited', 'given') AND c.due_on >= a22_today())
  AND (cardinality(visit_ids) = 0 OR EXISTS (SELECT 1 FROM visit x WHERE x.id = ANY(visit_ids)))
  AND NOT is_kept_report(report.id)"""  # noqa: S608 - fixed text
_OWN_COMMENT = f"person_id = {EXPERT} AND status <> 'withdrawn' AND NOT is_kept_report(report_id)"
_ADDRESSED = f"""recipient_id = {ORGANISATION} AND purpose IN ('draft_shared', 'transmitted', 'corrected')
  AND status IS DISTINCT FROM 'recalled'"""
_CORRECTABLE = f"""authority_id = {ORGANISATION} AND status = 'proposed' AND EXISTS (
  SELECT 1 FROM report_snapshot s WHERE s.id = snapshot_id AND s.report_id = factual_correction.report_id
    AND s.recipient_id = {ORGANISATION} AND s.purpose = 'draft_shared' AND s.status = 'sent' AND s.due_on >= a22_today()
    AND s.content -> 'fact_items' @> jsonb_build_array(jsonb_build_object('id', fact_item_id::text)))"""  # noqa: S608 - fixed text

#: A recommendation about a place that the caller is kept from, or sent to such an authority.
_RECOMMENDATION_CONCERNS = (
    f"{is_any_unseen('known_recommendation.place_ids', 'place')} OR {is_any_excluded_authority('authority_ids')}"
)
#: About a place or a visit that the caller is kept from, or sent to such an authority.
_CONCERNS = (
    f"{is_any_unseen('report.place_ids', 'place')} OR went_to_excluded(report.id) "  # noqa: S608 - fixed text
    "OR EXISTS (SELECT 1 FROM unnest(report.visit_ids) AS one WHERE goes_to_excluded(one))"
)
#: It looks past the policies of the snapshots, because those ask for the report; it tells nothing but this.
_WENT_TO_EXCLUDED = f"""
CREATE OR REPLACE FUNCTION went_to_excluded(report_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM report_snapshot s WHERE s.report_id = went_to_excluded.report_id
    AND {is_excluded_authority("s.recipient_id")})
$$"""  # noqa: S608 - fixed text
#: Whether a report is about what a conflict keeps the calling expert from, by the list handed on or by what is on record here.
#: It looks past the policies of report and place, since report and comment ask for each other; it tells nothing but this.
_IS_KEPT_REPORT = f"""
CREATE OR REPLACE FUNCTION is_kept_report(report_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM report r WHERE r.id = is_kept_report.report_id AND ({is_any_excluded_matter("r.visit_ids")}
    OR EXISTS (SELECT 1 FROM unnest(r.place_ids) AS one LEFT JOIN place ON place.id = one WHERE one::text = ANY({EXCLUDED_PLACES})
      OR ({IS_EXCLUDED}) OR {own_conflict(place="one", operator="place.operator_id", visit="c.target_id = ANY(r.visit_ids)")})))
$$"""  # noqa: S608 - fixed text
FUNCTIONS = (
    _WENT_TO_EXCLUDED,
    *for_the_npm_alone("visits", "went_to_excluded(uuid)"),
    _IS_KEPT_REPORT,
    "REVOKE EXECUTE ON FUNCTION is_kept_report(uuid) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION is_kept_report(uuid) TO visits_expert",
)

_STAMPS = ("created_at", "created_by", "updated_at", "updated_by", "version", "confidentiality", "origin")
_RECEIVED = (
    "id", "report_id", "purpose", "code", "kind", "title", "content", "recipient_id", "status", "sent_on", "due_on",
    "due_explanation", "answered_on", "version",
)  # fmt: skip
_OWN_CORRECTION = (
    "id", "report_id", "snapshot_id", "authority_id", "fact_item_id", "fact_name", "stated_value", "proposed_value",
    "evidence", "status", "proposed_on",
)  # fmt: skip
_CHANGED = ("updated_at", "updated_by", "version")

PROTECTIONS = (
    Protection(
        table="known_recommendation",
        policies={"npm": (institution(), apart_from(_RECOMMENDATION_CONCERNS))},
        grants={"npm": Grant(select="*"), "worker": EVERYTHING},
    ),
    Protection(
        table="report",
        policies={
            "npm": (Policy(condition="team", using=_TEAM, check=_TEAM), apart_from(_CONCERNS)),
            "expert": Policy(condition="expert_on_visit", using=_COMMENT_OPEN, command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "expert": Grant(
                select=("id", "code", "kind", "title", "status", "sections", "fact_items", "visit_ids", "place_ids")
            ),
        },
    ),
    Protection(
        table="report_snapshot",
        policies={
            "npm": (
                Policy(condition="team", using=_REPORT_VISIBLE, check=_REPORT_VISIBLE),
                apart_from(is_excluded_authority("recipient_id")),
            ),
            "authority": (
                Policy(condition="addressed", using=_ADDRESSED, command="SELECT"),
                Policy(
                    condition="addressed",
                    using=f"{_ADDRESSED} AND purpose = 'draft_shared' AND status = 'sent'",
                    check=f"recipient_id = {ORGANISATION} AND status = 'answered'",
                    command="UPDATE",
                ),
            ),
            "public": Policy(condition="published", using="is_public", command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "authority": Grant(select=_RECEIVED, update=("status", "answered_on", *_CHANGED)),
            "public": Grant(select=("report_id", "code", "kind", "title", "content", "published_on", "is_public")),
        },
    ),
    Protection(
        table="factual_correction",
        policies={
            "npm": (
                Policy(condition="team", using=_REPORT_VISIBLE, check=_REPORT_VISIBLE),
                apart_from(is_excluded_authority("authority_id")),
            ),
            "authority": (
                Policy(condition="own_submission", using=f"authority_id = {ORGANISATION}", command="SELECT"),
                Policy(condition="addressed", using="false", check=_CORRECTABLE, command="INSERT"),
                Policy(
                    condition="own_submission",
                    using=f"authority_id = {ORGANISATION} AND status = 'proposed'",
                    check=f"authority_id = {ORGANISATION} AND status = 'withdrawn'",
                    command="UPDATE",
                ),
            ),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "authority": Grant(
                select=(*_OWN_CORRECTION, "reason", "decided_on", "version"),
                insert=(*_OWN_CORRECTION, *_STAMPS),
                update=("status", *_CHANGED),
            ),
        },
    ),
    Protection(
        table="report_comment",
        policies={
            "npm": Policy(condition="team", using=_REPORT_VISIBLE, check=_REPORT_VISIBLE),
            "expert": (
                Policy(condition="author", using=_OWN_COMMENT, command="SELECT"),
                Policy(
                    condition="author",
                    using=_INVITED,
                    check=f"person_id = {EXPERT} AND status IN ('given', 'declined')",
                    command="UPDATE",
                ),
            ),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "expert": Grant(
                select=(
                    "id", "report_id", "person_id", "kind", "status", "invited_on", "due_on", "due_explanation", "text",
                    "section_id", "given_on", "version",
                ),
                update=("kind", "status", "text", "section_id", "given_on", *_CHANGED),
            ),
        },
    ),
)  # fmt: skip

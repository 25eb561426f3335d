"""The partner's statements: own submissions only, named columns, and nothing that was sealed can be read back."""

import json
from typing import Any

from services.complaints.complaint_referrals.rules import COMPLAINT_REFERRAL
from services.complaints.complaint_referrals.tables import COLUMNS
from services.complaints.other_bodies.tables import COLUMNS as OTHER_BODY
from services.complaints.submissions.schemas import ReferralFilters
from shared.db import Work
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_STATUS = "CASE r.state WHEN 'needs_mapping' THEN 'received' ELSE r.state END"
_SHOWN = f"""r.id, r.external_id, {_STATUS} AS status, r.status_on,
  CASE WHEN p.id IS NULL THEN NULL ELSE json_build_object('id', p.id, 'name', p.name) END AS place,
  json_build_object('place', CASE WHEN r.is_place_resolved AND (r.place_id IS NULL OR p.id IS NOT NULL)
    THEN 'resolved' ELSE 'queued' END,
    'themes', CASE WHEN cardinality(r.themes) > 0 AND cardinality(r.unmapped_codes) = 0 THEN 'resolved' ELSE 'queued' END) AS matching,
  CASE WHEN r.state = 'clarification_requested' THEN r.question END AS question, r.decline_reason, r.concluded_note,
  coalesce(:allowed::jsonb -> r.state, '[]') AS allowed_actions"""
_SOURCE = "complaint_referral r LEFT JOIN known_place p ON p.id = r.place_id"
_OWN = "r.partner_id = :partner_id::uuid"

RECEIPTS = Listing(
    columns=_SHOWN,
    source=_SOURCE,
    where=_OWN,
    identity="r.id",
    sorts={"received_on": Sort("r.received_on", "date")},
    default_sort="-received_on",
    filters={"status": f"{_STATUS} = ANY(:status::text[])"},
)
RECEIPT = f"SELECT {_SHOWN} FROM {_SOURCE} WHERE {_OWN} AND r.external_id = :external_id"
RECEIPT_BY_ID = f"SELECT {_SHOWN} FROM {_SOURCE} WHERE {_OWN} AND r.id = :referral_id::uuid"
LOCK = f"""
SELECT r.id, r.complaint_id, r.state, r.digests::text, r.themes, r.unmapped_codes, r.is_place_resolved FROM complaint_referral r
WHERE {_OWN} AND r.external_id = :external_id FOR UPDATE
"""
PROFILE = "SELECT theme_map::text, place_codes::text, place_names::text FROM partner_profile WHERE partner_id = :partner_id::uuid"
_LISTED = ", ".join(COLUMNS)
SUBMIT = f"""
INSERT INTO complaint_referral ({_LISTED}) SELECT {_LISTED} FROM jsonb_populate_record(null::complaint_referral, :row::jsonb)
ON CONFLICT (partner_id, external_id) DO NOTHING
"""
_TOLD = ", ".join(f"{column} = n.{column}" for column in OTHER_BODY)
_CHANGED = f"""{_TOLD}, state = n.state, status_on = n.status_on, received_on = n.received_on, submitted = n.submitted, digests = n.digests,
  updated_at = a22_now(), updated_by = :by"""
REPORT = f"""
UPDATE complaint_referral r SET {_CHANGED}
FROM jsonb_populate_record(null::complaint_referral, :row::jsonb) n WHERE r.id = n.id
"""
AMEND = f"""
UPDATE complaint_referral r SET {_CHANGED}, place_id = n.place_id, present_place_id = n.present_place_id,
  authority_id = n.authority_id, themes = n.themes, unmapped_codes = n.unmapped_codes, is_place_resolved = n.is_place_resolved
FROM jsonb_populate_record(null::complaint_referral, :row::jsonb) n WHERE r.id = n.id
"""
NAME_PERSONS = """
UPDATE complaint_referral SET person_refs = :person_refs::uuid[], voices = :voices::text[] WHERE id = :referral_id::uuid
"""
MOVE = """
UPDATE complaint_referral SET state = :state, status_on = :status_on::date, updated_at = a22_now(), updated_by = :by
WHERE id = :referral_id::uuid
"""


def _allowed(work: Work) -> str:
    return as_json(work.allowed_actions(COMPLAINT_REFERRAL, "transition_complaint_referral"))


async def matching(work: Work, filters: ReferralFilters) -> Page:
    """Give a page of the partner's own referrals."""
    return await fetch_page(work, RECEIPTS, filters, partner_id=work.caller.partner_id, allowed=_allowed(work))


async def receipt(work: Work, external_id: str) -> bytes:
    """Give one of the partner's own referrals, or raise NotFound."""
    return await fetch_one(
        work, RECEIPT, partner_id=work.caller.partner_id, external_id=external_id, allowed=_allowed(work)
    )


async def receipt_by_id(work: Work, referral_id: Any) -> bytes:
    """Give one of the partner's own referrals by our id."""
    return await fetch_one(
        work, RECEIPT_BY_ID, partner_id=work.caller.partner_id, referral_id=referral_id, allowed=_allowed(work)
    )


async def lock(work: Work, external_id: str) -> dict[str, Any] | None:
    """Take one of the partner's own referrals for a change, if there is one."""
    found = await fetch_rows(work, LOCK, partner_id=work.caller.partner_id, external_id=external_id)
    return {**found[0], "digests": json.loads(found[0]["digests"])} if found else None


async def profile(work: Work) -> dict[str, Any]:
    """Give what was agreed with the partner about its codes; nothing where nothing was."""
    found = await fetch_rows(work, PROFILE, partner_id=work.caller.partner_id)
    if not found:
        return {"theme_map": [], "place_codes": [], "place_names": []}
    return {name: json.loads(value) for name, value in found[0].items()}


async def submit(work: Work, row: dict[str, Any]) -> bool:
    """Keep a new referral; false when the partner has one of this id."""
    return await execute(work, SUBMIT, row=as_json(row)) == 1


async def change(work: Work, statement: str, row: dict[str, Any]) -> None:
    """Keep what a partner changed, by one of the statements above."""
    await execute(work, statement, row=as_json(row), by=work.caller.person)


async def name_persons(work: Work, referral_id: Any, person_refs: list[Any], voices: list[str]) -> None:
    """Keep which persons of the vault a referral is about."""
    await execute(work, NAME_PERSONS, referral_id=referral_id, person_refs=person_refs, voices=voices)


async def move(work: Work, referral_id: Any, state: str, status_on: Any) -> None:
    """Move a referral to a state."""
    await execute(work, MOVE, referral_id=referral_id, state=state, status_on=status_on, by=work.caller.person)

"""The statement of the journal's readers. Which rows there are for them is the row policies' business."""

import json
from dataclasses import replace
from functools import partial
from typing import Any

from shared.audit import rules
from shared.audit.schemas import JournalPosition
from shared.db import Work
from shared.errors import BadRequest
from shared.paging import Cursors, Listing, Page, Sort, fetch_page

#: A pseudonym is no cursor: what binds it is not what binds the cursor of any list.
_BOUND = b"the subject of a journal row"
_NOBODY = "-"

JOURNAL = Listing(
    columns="""j.id, j.queued_at AS recorded_at, j.occurred_on, j.action, j.operation, j.actor, j.person, j.client, j.audience,
      j.subject_id, j.confidentiality, j.payload""",
    source="journal j",
    identity="j.id",
    sorts={"recorded_at": Sort("j.queued_at", "timestamptz")},
    default_sort="-recorded_at",
    filters={
        "action": "j.action = ANY(:action::text[])",
        "kind": "j.action = ANY(:actions::text[])",
        # whoever reads pseudonyms finds by a pseudonym what is behind one, and by an id what is not
        "subject_id": "j.subject_id = :subject::text AND (NOT :hides::boolean OR (j.confidentiality = :restricted::text) = :was_hidden::boolean)",
        "person_id": "j.person = :person_id::text",
        "audience_class": "j.audience = ANY(:audiences::text[])",
        "recorded_from": "j.queued_at >= :recorded_from::timestamptz",
        "recorded_to": "j.queued_at <= :recorded_to::timestamptz",
        "before": "(j.queued_at, j.id) < (:before::timestamptz, :before_id::uuid)",
    },
)


async def matching(work: Work, position: JournalPosition) -> Page:
    """Give one service's share of a page, as the caller may read it."""
    service, cursors = work.state.database.service, work.state.cursors
    subject, was_hidden = _meant(cursors, position.subject_id or "")
    found = await fetch_page(
        work, JOURNAL, position,
        actions=[action for kind in position.kind or () for action in rules.ACTIONS[kind]],
        audiences=[f"{service}_{each}" for each in position.audience_class or ()],
        subject=subject, was_hidden=was_hidden, restricted=rules.RESTRICTED,
        hides=not rules.reads_names(work.caller.roles, service, rules.RESTRICTED),
    )  # fmt: skip
    told = json.loads(found.body)
    told["items"] = [_shown(work, service, row) for row in told["items"]]
    return replace(found, body=json.dumps(told).encode())


def _meant(cursors: Cursors, given: str) -> tuple[str, bool]:
    """Give the subject that a filter means, and whether it was given as a pseudonym."""
    try:
        return cursors.read(_BOUND, given)[0], True
    except BadRequest:
        return given, False


def _pseudonym(cursors: Cursors, named: str) -> str:
    """Write what stands for an id: equal for equal ids, and readable to this service alone."""
    return cursors.write(_BOUND, named, "")


def _shown(work: Work, service: str, row: dict[str, Any]) -> dict[str, Any]:
    is_named = rules.reads_names(work.caller.roles, service, row["confidentiality"])
    hide = None if is_named else partial(_pseudonym, work.state.cursors)
    subject = row["subject_id"]
    return {
        "id": row["id"],
        "service": service,
        "kind": rules.kind_of(row["action"]),
        "action": row["action"],
        "operation": row["operation"],
        "recorded_at": row["recorded_at"],
        "occurred_on": row["occurred_on"],
        "actor": {
            "subject": row["actor"],
            "person_id": row["person"],
            "client_id": row["client"],
            "audience_class": row["audience"].removeprefix(f"{service}_"),
        },
        "subject_id": None if subject == _NOBODY else hide(subject) if hide else subject,
        "is_subject_hashed": subject != _NOBODY and (hide is not None or rules.names_a_hash(subject, row["action"])),
        "confidentiality": row["confidentiality"],
        "facts": rules.facts_shown(row["action"], row["payload"], hide),
    }

"""What a history of visits tells of a place: what it was called and who ran it, from when to when.

Pure: no database, no HTTP, no clock. It joins what is written alike and never corrects a spelling.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from services.visits.visits.rules.status import Announcement, VisitStatus

#: States in which the team has not been there.
NOT_BEGUN = frozenset(
    {
        VisitStatus.PROPOSED,
        VisitStatus.PLANNED,
        VisitStatus.PREPARING,
        VisitStatus.READY,
        VisitStatus.POSTPONED,
        VisitStatus.CANCELLED,
    }
)
COMPLETED = frozenset({VisitStatus.DEBRIEFING, VisitStatus.REPORTING, VisitStatus.CLOSED})


def is_secret(status: VisitStatus, announcement: Announcement) -> bool:
    """Tell whether a visit is kept from everybody without a role in it: unannounced, and not begun."""
    return announcement is Announcement.UNANNOUNCED and status in NOT_BEGUN


def periods(seen: Iterable[tuple[date, str]]) -> list[dict[str, Any]]:
    """Turn texts as they were written on days into periods: from the first day to the last, the latest still open."""
    found: list[dict[str, Any]] = []
    for day, text in sorted((day, text) for day, text in seen if text):
        if found and found[-1]["text"] == text:
            found[-1]["to_on"] = day.isoformat()
        else:
            found.append({"text": text, "from_on": day.isoformat(), "to_on": day.isoformat()})
    if found:
        found[-1]["to_on"] = None
    return found


def latest_count(seen: Iterable[tuple[date, int | None]], source: str) -> list[dict[str, Any]]:
    """Give the latest count of people present, as a place keeps it; nothing where nobody counted."""
    counted = [(day, count) for day, count in seen if count is not None]
    if not counted:
        return []
    day, count = max(counted)
    return [{"count": count, "as_of": day.isoformat(), "source": source}]


def digest(said: Mapping[str, Any]) -> str:
    """Give a fingerprint of all that a row comes to, so that a second run sees at once that nothing is new."""
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()

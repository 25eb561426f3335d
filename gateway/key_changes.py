"""What was done to the signing keys on the folder, on its way into the gateway's journal.

Keys are changed without the database, so that an emergency never waits for one. Each change is noted beside the keys, and
its note goes once the journal has it. A note names a key by its id; it never holds any part of a key.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from shared.db import Database
from shared.journal import Event

NOTES = "unjournaled"


class Act(StrEnum):
    """What is done to a signing key by who runs the host."""

    ADDED = "added"
    REMOVED = "removed"


class Change(NamedTuple):
    """One change of one key; the second on the host's clock, since the epoch."""

    act: Act
    kid: str
    at: int


def note(folder: Path, change: Change) -> None:
    """Leave a note of a change beside the keys; OSError when the folder takes none."""
    notes = folder / NOTES
    notes.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = notes / f"{uuid4()}.part"
    written.touch(mode=0o600)
    written.write_text(json.dumps({"act": change.act.value, "kid": change.kid, "at": change.at}), encoding="utf-8")
    # whole or not there: whoever reads meanwhile passes over a part
    written.rename(written.with_suffix(".json"))


def noted(folder: Path) -> list[tuple[Path, Change]]:
    """Give the changes that no journal has yet, the oldest first; a file that is no note of ours is passed over."""
    return sorted(_read(folder), key=lambda found: (found[1].at, found[0].name))


def _read(folder: Path) -> Iterator[tuple[Path, Change]]:
    for path in (folder / NOTES).glob("*.json"):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            yield path, Change(Act(told["act"]), str(told["kid"]), int(told["at"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue


async def journal(database: Database, folder: Path) -> int:
    """Journal what is noted, in one transaction, and take the notes away; gives how many. Unavailable leaves them all.

    Whoever is stopped between the two journals a change again, which the same second shows; none is lost.
    """
    found = noted(folder)
    if not found:
        return 0
    async with database.inside("worker", operation="change_signing_keys") as work:
        for _, change in found:
            done_at = datetime.fromtimestamp(change.at, UTC).isoformat()
            work.record(Event(f"gateway.signing_key.{change.act}", change.kid, {"done_at": done_at}, leaves=False))
    for path, _ in found:
        path.unlink(missing_ok=True)
    return len(found)

"""New random ids (uuid4), many at once: a batch of rows asks the operating system for chance once.

Never time-ordered: such an id would tell when a visit was planned.
"""

import os
from uuid import UUID

from asyncpg.pgproto import pgproto

_LENGTH = 16


def fresh_ids(count: int) -> list[UUID]:
    """Give so many new ids (RFC 9562, version 4), in the driver's own form of a UUID, which is cheap to write and to send."""
    chance = bytearray(os.urandom(_LENGTH * count))
    for start in range(0, len(chance), _LENGTH):
        chance[start + 6] = chance[start + 6] & 0x0F | 0x40
        chance[start + 8] = chance[start + 8] & 0x3F | 0x80
    whole = bytes(chance)
    return [pgproto.UUID(whole[start : start + _LENGTH]) for start in range(0, len(whole), _LENGTH)]


def fresh_id() -> UUID:
    """Give one new id."""
    return fresh_ids(1)[0]

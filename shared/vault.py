"""Secrets of persons, sealed field by field, and the keys that open them: one for each person and each case.

Keys lie outside the database and its dumps, wrapped by a master key; destroying a key erases what it sealed, in every
backup too. Never opens what was moved to another row, and never goes on when the key store is out of reach.
"""

import asyncio
import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import AppError, Unavailable
from shared.identity import secret_kept_in
from shared.keypacks import KeyPacks

_NONCE = 12
_KEY_ID = 8
#: AES-256.
_KEY = 32
_BEGIN = b"\x01"
_FIRST = "0" * 64
#: Nonce, key id, key, and the tag of the wrapping.
_WRAPPED = _NONCE + _KEY_ID + _KEY + 16


class Erased(AppError):
    """The key was destroyed: nobody can read this again."""

    status, code = 410, "erased"

    def __init__(self) -> None:
        """Make the one answer to reading what was erased."""
        super().__init__("this was erased and cannot be read again")


class Broken(AppError):
    """A sealed value does not belong to the row it stands in."""

    status, code = 500, "internal_error"

    def __init__(self) -> None:
        """Make the error of a moved or altered value; nothing of it is shown."""
        super().__init__("something broke on our side; the request id finds it in the log")


@dataclass(frozen=True)
class DataKey:
    """The key of one person or one case: its id, its version, and what it seals and opens."""

    id: bytes
    version: int
    secret: bytes

    def seal(self, value: str, *, table: str, column: str, row: UUID) -> bytes:
        """Encrypt one field; the result is bound to table, column, row and key version."""
        nonce = os.urandom(_NONCE)
        bound = _bound(table, column, row, self.version)
        return _BEGIN + self.id + nonce + AESGCM(self.secret).encrypt(nonce, value.encode(), bound)

    def open(self, sealed: bytes, *, table: str, column: str, row: UUID) -> str:
        """Decrypt one field, or raise Broken when it was altered, moved, or sealed by another key."""
        begin, key_id, rest = sealed[:1], sealed[1 : 1 + _KEY_ID], sealed[1 + _KEY_ID :]
        if begin != _BEGIN or key_id != self.id:
            raise Broken
        bound = _bound(table, column, row, self.version)
        try:
            return AESGCM(self.secret).decrypt(rest[:_NONCE], rest[_NONCE:], bound).decode()
        except InvalidTag:
            raise Broken from None


def _bound(table: str, column: str, row: UUID, version: int) -> bytes:
    return f"{table}|{column}|{row}|{version}".encode()


class KeyStore:
    """The folder of one service's data keys, with the ledger of what was destroyed: `keys/<kind>/<owner>.key`, and in
    `keys/<kind>/packs` the keys of owners that came many at once.

    A key file is on the disk before the transaction that needs it commits; a key without a row is harmless.
    """

    def __init__(self, secrets: Path) -> None:
        """Keep keys under `secrets`, which holds the master key too."""
        self._folder = secrets / "keys"
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._wrapping = AESGCM(secret_kept_in(secrets, "master", 32))
        self._recognition = hmac.new(secret_kept_in(secrets, "recognition", 32), digestmod="sha256")
        self.ledger = Ledger(secrets / "ledger.jsonl")

    async def make(self, kind: str, owner: UUID) -> DataKey:
        """Make the key of an owner, or give the one there is; Unavailable when it cannot be kept."""
        return await asyncio.to_thread(self._made, kind, owner)

    async def make_many(self, kind: str, owners: Sequence[UUID]) -> dict[UUID, DataKey]:
        """Make the keys of owners that are new, and wait for the disk once for all; Unavailable when they cannot be kept."""
        return await asyncio.to_thread(self._made_many, kind, owners) if owners else {}

    async def key(self, kind: str, owner: UUID) -> DataKey:
        """Give the key of an owner: Erased when it was destroyed, Unavailable when the store is out of reach."""
        return await asyncio.to_thread(self._read, kind, owner)

    async def destroy(self, kind: str, owner: UUID, *, act: str, at: str) -> None:
        """Destroy a key for good: the ledger first, then the file. Repeating it does no harm."""
        await self.note(act, f"{kind}:{owner}", at=at)
        await asyncio.to_thread(self._destroyed, kind, owner)

    async def note(self, act: str, subject: str, *, at: str) -> None:
        """Write one line of the ledger, on the disk when this returns."""
        await asyncio.to_thread(self.ledger.append, act, subject, at)

    def recognise(self, text: str) -> str:
        """Give a keyed digest: the same for the same text, and nothing without the key."""
        begun = self._recognition.copy()
        begun.update(text.encode())
        return begun.hexdigest()

    def _path(self, kind: str, owner: UUID) -> Path:
        if not self._folder.is_dir():
            raise Unavailable
        return self._folder / kind / owner.hex[:2] / f"{owner}.key"

    def _made(self, kind: str, owner: UUID) -> DataKey:
        path = self._path(kind, owner)
        if path.exists() or self._packed(kind, owner) is not None:
            return self._read(kind, owner)
        made, wrapped = self._new(kind, owner)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_through(path, wrapped)
        except FileExistsError:
            return self._read(kind, owner)
        except OSError:
            raise Unavailable from None
        return made

    def _made_many(self, kind: str, owners: Sequence[UUID]) -> dict[UUID, DataKey]:
        made = {owner: self._new(kind, owner) for owner in owners}
        try:
            self._packs(kind).add({owner: wrapped for owner, (_, wrapped) in made.items()})
        except OSError:
            raise Unavailable from None
        return {owner: key for owner, (key, _) in made.items()}

    def _packs(self, kind: str) -> KeyPacks:
        if not self._folder.is_dir():
            raise Unavailable
        return KeyPacks(self._folder / kind / "packs", _WRAPPED)

    def _new(self, kind: str, owner: UUID) -> tuple[DataKey, bytes]:
        """Make a key, and the wrapped form that a file may hold."""
        chance = os.urandom(_KEY_ID + _KEY + _NONCE)
        made, nonce = DataKey(chance[:_KEY_ID], 1, chance[_KEY_ID:-_NONCE]), chance[-_NONCE:]
        return made, nonce + self._wrapping.encrypt(nonce, made.id + made.secret, _bound("key", kind, owner, 1))

    def _read(self, kind: str, owner: UUID) -> DataKey:
        path = self._path(kind, owner)
        try:
            wrapped = path.read_bytes()
        except FileNotFoundError:
            packed = self._packed(kind, owner)
            if packed is None:
                # a key that is gone without a line in the ledger is lost, not erased: fail closed
                raise (Erased if self.ledger.has(f"{kind}:{owner}") else Unavailable) from None
            wrapped = packed
        except OSError:
            raise Unavailable from None
        try:
            opened = self._wrapping.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _bound("key", kind, owner, 1))
        except InvalidTag:
            raise Unavailable from None
        return DataKey(opened[:_KEY_ID], 1, opened[_KEY_ID:])

    def _packed(self, kind: str, owner: UUID) -> bytes | None:
        try:
            return self._packs(kind).find(owner)
        except OSError:
            raise Unavailable from None

    def _destroyed(self, kind: str, owner: UUID) -> None:
        path = self._path(kind, owner)
        try:
            self._packs(kind).remove(owner)
            if path.parent.is_dir():
                path.unlink(missing_ok=True)
                _sync_folder(path.parent)
        except OSError:
            raise Unavailable from None


class Ledger:
    """What was erased or withdrawn: ids and times only, chained, outside the database, so that a restore can replay it."""

    def __init__(self, path: Path) -> None:
        """Keep the ledger in one file."""
        self._path = path

    def append(self, act: str, subject: str, at: str) -> None:
        """Add a line and wait for the disk; several processes take turns. Unavailable when it cannot be kept."""
        try:
            with self._path.open("a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.seek(0)
                lines = file.read().splitlines()
                before = json.loads(lines[-1])["hash"] if lines else _FIRST
                written: dict[str, Any] = {"seq": len(lines) + 1, "at": at, "act": act, "subject": subject}
                file.write(json.dumps({**written, "prev": before, "hash": _chained(before, written)}).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            raise Unavailable from None

    def lines(self) -> list[dict[str, Any]]:
        """Give every line, the oldest first."""
        if not self._path.exists():
            return []
        return [json.loads(line) for line in self._path.read_bytes().splitlines()]

    def has(self, subject: str) -> bool:
        """Tell whether something was destroyed or withdrawn."""
        return any(line["subject"] == subject for line in self.lines())

    def broken_at(self) -> int | None:
        """Give the number of the first line that does not follow from the one before; None when all do."""
        before = _FIRST
        for number, line in enumerate(self.lines(), start=1):
            told = {name: line[name] for name in ("seq", "at", "act", "subject")}
            if line["seq"] != number or line["prev"] != before or line["hash"] != _chained(before, told):
                return number
            before = line["hash"]
        return None


def _chained(before: str, written: dict[str, Any]) -> str:
    return hashlib.sha256((before + json.dumps(written, sort_keys=True)).encode()).hexdigest()


def _write_through(path: Path, content: bytes) -> None:
    """Write a new file and wait until file and folder entry are on the disk."""
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

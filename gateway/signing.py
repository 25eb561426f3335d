"""The keys that sign our machine tokens: a folder of them, so that one can follow another while both still verify.

A key's file is named by the second from which it signs. Every process looks at the folder once a second; whatever is
taken out of it is refused from then on. Times are seconds since the epoch on the host's clock, never the shiftable one.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.identity import LEEWAY_SECONDS, TOKEN_TYPE, PublicKey, SigningKey
from shared.settings import Settings

FOLDER = "signing"
LONGEST_LIFE_SECONDS = 300
#: Every process has seen a new key before it signs.
HEAD_START_SECONDS = 5
#: For how long a key verifies after another has begun to sign.
OVERLAP_SECONDS = LONGEST_LIFE_SECONDS + LEEWAY_SECONDS
LOOK_EVERY_SECONDS = 1.0
_SUFFIX = ".pem"


@dataclass(frozen=True)
class Kept:
    """A key of the folder and when it signs and verifies; `until` is None while no other follows."""

    key: SigningKey
    signs_from: int
    until: int | None

    def verifies(self, now: float) -> bool:
        """Tell whether what it signed is still taken."""
        return self.until is None or now < self.until


def folder_of(settings: Settings) -> Path:
    """Give the folder of the signing keys, in the gateway's part of the secrets."""
    return settings.secrets / "gateway" / FOLDER


def listed(folder: Path) -> list[Kept]:
    """Give the keys of a folder in the order in which they sign; one that goes while it is read is left out."""
    found: list[tuple[int, SigningKey]] = []
    for signs_from, path in sorted(_files(folder).items()):
        try:
            found.append((signs_from, SigningKey.read_from(path)))
        except FileNotFoundError:
            continue
    ends: list[int | None] = [following + OVERLAP_SECONDS for following, _ in found[1:]]
    return [
        Kept(key, signs_from, until)
        for (signs_from, key), until in zip(found, [*ends, None][: len(found)], strict=True)
    ]


def signing(kept: list[Kept], now: float) -> Kept | None:
    """Choose the key that signs: the last one whose time has come, else the first that will."""
    begun = [each for each in kept if each.signs_from <= now]
    return begun[-1] if begun else next(iter(kept), None)


def rotate(folder: Path, *, now: float, at_once: bool = False) -> SigningKey:
    """Add a key that signs from a few seconds from now (at once where there is none, or after an emergency).

    Keys whose overlap has ended are taken away.
    """
    with _turn(folder):
        for each in listed(folder):
            if not each.verifies(now):
                _path(folder, each.signs_from).unlink(missing_ok=True)
        there = _files(folder)
        begins = int(now) + (0 if at_once or not there else HEAD_START_SECONDS)
        while begins in there:
            begins += 1
        return SigningKey.kept_in(folder, str(begins))


def ensure(folder: Path, *, now: float) -> None:
    """Make a first key where there is none."""
    if not _files(folder):
        with _turn(folder):
            if not _files(folder):
                SigningKey.kept_in(folder, str(int(now)))


def remove(folder: Path, kid: str, *, now: float) -> bool:
    """Take a key away for good: nothing it signed is taken any longer. False when there is none of this id.

    When it was signing, a new one takes its place at once: no former key signs again.
    """
    kept = listed(folder)
    gone = next((each for each in kept if each.key.kid == kid), None)
    if gone is None:
        return False
    signs = signing(kept, now)
    if signs is not None and gone.signs_from >= signs.signs_from:
        rotate(folder, now=now, at_once=True)
    with _turn(folder):
        _path(folder, gone.signs_from).unlink(missing_ok=True)
    return True


class Keyring:
    """The keys as one process sees them; it looks at the folder again when a second has passed."""

    def __init__(self, folder: Path, *, on_loss: Callable[[], None] = lambda: None) -> None:
        """Watch a folder that holds at least one key; `on_loss` is called when one is gone or ended."""
        self._folder = folder
        self.on_loss = on_loss
        self._names: dict[int, Path] = {}
        self._kept: list[Kept] = []
        self._verifying: dict[str, PublicKey] = {}
        self._next_look = 0.0
        self.look()

    def look(self) -> None:
        """Read the folder again if it is time to; cheap otherwise."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + LOOK_EVERY_SECONDS
        names = _files(self._folder)
        if names != self._names:
            self._kept, self._names = listed(self._folder), names
        now = time.time()
        verifying = {each.key.kid: each.key.public for each in self._kept if each.verifies(now)}
        is_lost = not self._verifying.keys() <= verifying.keys()
        self._verifying = verifying
        if is_lost:
            self.on_loss()

    def public(self, kid: str) -> PublicKey | None:
        """Give the verifying key of this id, if there is one."""
        self.look()
        return self._verifying.get(kid)

    def publics(self) -> list[PublicKey]:
        """Give every verifying key."""
        self.look()
        return list(self._verifying.values())

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Sign the claims of an access token; LookupError when there is no key."""
        self.look()
        chosen = signing(self._kept, time.time())
        if chosen is None:
            raise LookupError("there is no signing key")
        return chosen.key.sign(claims, typ=TOKEN_TYPE)


def _files(folder: Path) -> dict[int, Path]:
    """Give the key files by the second from which they sign."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - once a second in every process: no object for each file
    except FileNotFoundError:
        return {}
    stems = [name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)]
    return {int(stem): _path(folder, int(stem)) for stem in stems if stem.isdecimal()}


def _path(folder: Path, signs_from: int) -> Path:
    return folder / f"{signs_from}{_SUFFIX}"


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Take turns with every other process that changes the folder."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "turn").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

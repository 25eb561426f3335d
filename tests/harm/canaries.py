"""Canaries: unique words planted in fields, and where each of them may be met again.

S4 (who somebody is, what somebody told us): sealed; in no table in clear, and read back only where a purpose is given.
S3 (plans, drafts, notes, what bodies tell each other): in clear in its own tables alone, and in the answers of its readers.
"""

import base64
import binascii
import gzip
import re
import secrets
import string
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

#: What every canary begins with: one look tells that there is none.
STEM = "kanarienvogel"
S4, S3, REFUSED = "S4", "S3", "refused"

_HEX = re.compile(rb"[0-9a-fA-F]{40,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{27,}={0,2}")
_SHRUNK = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


@dataclass(frozen=True)
class Canary:
    """One planted word: the field it lies in, its class, and who may meet it where."""

    name: str
    text: str
    secrecy: str
    tables: frozenset[str] = frozenset()
    """`service.table`; empty for S4 and for what was refused."""
    readers: frozenset[str] = frozenset()
    """Personas, or `npm` for the whole class."""

    def may_read(self, persona: str, audience: str) -> bool:
        """Tell whether an answer to this persona may hold it."""
        return persona in self.readers or (audience == "npm" and "npm" in self.readers)


@dataclass
class Canaries:
    """Every word planted in one run."""

    planted: dict[str, Canary] = field(default_factory=dict)
    sent: set[tuple[str, str]] = field(default_factory=set)
    """Who sent which word by chance: persona and name."""

    def s4(self, name: str, *readers: str) -> str:
        """Make a word for a sealed field; its readers meet it in the one read that asks for a purpose."""
        return self._plant(Canary(name, _word(name), S4, frozenset(), frozenset(readers)))

    def s3(self, name: str, tables: Iterable[str], *readers: str) -> str:
        """Make a word for a confidential field that is kept in clear in its own tables."""
        return self._plant(Canary(name, _word(name), S3, frozenset(tables), frozenset(readers)))

    def refused(self, name: str) -> str:
        """Make a word for a body that is refused: it may be nowhere at all."""
        return self._plant(Canary(name, _word(name), REFUSED))

    def _plant(self, canary: Canary) -> str:
        assert canary.name not in self.planted, canary.name
        self.planted[canary.name] = canary
        return canary.text

    def found_in(self, where: bytes) -> set[str]:
        """Name the canaries in some bytes: as they are, in hex or base64, and in what opens when it is unpacked."""
        found: set[str] = set()
        for plain in {where, *unpacked(where)}:
            lowered = plain.lower()
            if STEM.encode() in lowered or any(form in plain for form in _STEM_FORMS):
                found |= {each.name for each in self.planted.values() if _is_in(each.text, plain, lowered)}
        return found

    def found_around(self, where: bytes) -> set[str]:
        """Do the same with something large: look only where the beginning of a canary stands, in any of its forms."""
        found: set[str] = set()
        for text, start in [(where.lower(), STEM.encode()), *((where, form) for form in set(_STEM_FORMS))]:
            at = text.find(start)
            while at >= 0:
                found |= self.found_in(where[max(0, at - 8) : at + 400])
                at = text.find(start, at + 1)
        return found


def _is_in(text: str, plain: bytes, lowered: bytes) -> bool:
    return text.encode() in lowered or any(form in plain for form in forms(text))


def _word(name: str) -> str:
    """Make a word of small letters, so that neither folding nor a pattern of names changes it."""
    chance = "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))
    return f"{STEM}{''.join(filter(str.isalpha, name))}{chance}"


def forms(text: str) -> Iterator[bytes]:
    """Give a word in hex and in base64, at each of the three places where it can begin in a group."""
    raw = text.encode()
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    for before in range(3):
        padded = b"\0" * before + raw
        whole = base64.b64encode(padded[: len(padded) // 3 * 3])
        middle = whole[4 if before else 0 :]
        yield middle
        yield middle.translate(bytes.maketrans(b"+/", b"-_"))


_STEM_FORMS = tuple(forms(STEM))


def unpacked(where: bytes) -> Iterator[bytes]:
    """Give what opens when compressed parts are unpacked: at the start, and behind hex or base64."""
    for part in (where, *_decoded(where)):
        if part[:2] in _SHRUNK:
            try:
                yield gzip.decompress(part) if part[:2] == _SHRUNK[0] else zlib.decompress(part)
            except (OSError, EOFError, zlib.error):
                continue


def _decoded(where: bytes) -> Iterator[bytes]:
    for found in _HEX.finditer(where):
        text = found.group()
        if text[:4].lower() in {start.hex().encode() for start in _SHRUNK}:
            yield bytes.fromhex(text[: len(text) // 2 * 2].decode())
    for found in _BASE64.finditer(where):
        text = found.group().translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
        if text.startswith((b"H4sI", b"eJ", b"eN", b"eA", b"eF")):
            try:
                yield base64.b64decode(text + b"=" * (-len(text) % 4))
            except (binascii.Error, ValueError):
                continue

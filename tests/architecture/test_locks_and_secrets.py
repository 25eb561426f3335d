"""Every package is pinned by version and hash, and no key and no token lies in the repository."""

import math
import re
from collections import Counter

import pytest

from tests.architecture.sources import CHECKOUT, tracked_files
from tests.architecture.test_tracked_files import read

LOCKS = ("requirements.txt", "requirements-check.txt")
PINNED = re.compile(r"^[a-z0-9._-]+(\[[a-z,-]+\])?==[^ ;\\]+( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")

# Cut in two, so that this file holds none itself.
KEY = re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----")
SIGNED = re.compile(r"\bey" + r"J[A-Za-z0-9_-]{10,}\.ey" + r"J[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")
KNOWN_FORMS = re.compile(
    r"\b(?:AK" + r"IA[0-9A-Z]{16}|gh" + r"[pousr]_[A-Za-z0-9]{36}|xo" + r"x[baprs]-[A-Za-z0-9-]{20,})\b"
)
#: A long random word beside a name that says what it is.
NAMED = re.compile(
    r"(?i)(?:password|secret|token|api_?key|private_?key)[\"']?\s*[:=]\s*[\"']([A-Za-z0-9+/_=-]{24,})[\"']"
)
RANDOM_BITS = 4.0


def unpinned(text: str) -> list[str]:
    """Give the lines of a lock that are neither a pin with hashes, nor a hash, nor a remark."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found = [line for line in lines if not PINNED.match(line) and not HASH.match(line)]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if PINNED.match(line) and not HASH.match(following):
            found.append(line)
    return found


def secrets_in(text: str) -> list[str]:
    """Give the beginnings of what looks like a key or a token."""
    found = [match[0] for pattern in (KEY, SIGNED, KNOWN_FORMS) for match in pattern.finditer(text)]
    found += [match[1] for match in NAMED.finditer(text) if bits(match[1]) > RANDOM_BITS]
    return [each[:12] for each in found]


def bits(word: str) -> float:
    """Give the entropy of a word's letters, in bits a letter."""
    return -sum(n / len(word) * math.log2(n / len(word)) for n in Counter(word).values())


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    text = (CHECKOUT / lock).read_text(encoding="utf-8")

    assert unpinned(text) == []
    assert text.count("==") > 20


@pytest.mark.parametrize("name", ["requirements", "requirements-check"])
def test_everything_that_is_asked_for_is_locked(name: str) -> None:
    asked = {
        re.split(r"[\[=<>~ ]", line)[0].lower()
        for line in (CHECKOUT / f"{name}.in").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("-", "#"))
    }
    locked = set(re.findall(r"^([a-z0-9._-]+)", (CHECKOUT / f"{name}.txt").read_text(encoding="utf-8"), re.MULTILINE))

    assert asked - locked == set()


@pytest.mark.parametrize(
    "line",
    [
        "starlette>=1.5",
        "starlette==1.5",
        "git+https://host/a",
        "-e .",
        "starlette==1.5 \\\n# no hash",
        "--hash=sha256:12",
    ],
)
def test_a_loose_line_is_seen(line: str) -> None:
    assert unpinned(line)


def test_no_tracked_file_holds_a_key_or_a_token() -> None:
    findings = {
        path.relative_to(CHECKOUT).as_posix(): found for path in tracked_files() if (found := secrets_in(read(path)))
    }

    assert findings == {}


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN EC PRIVATE" + " KEY-----",
        "Bearer ey" + "JhbGciOiJFUzI1NiJ9.ey" + "JzdWIiOiJzb21lYm9keSJ9.c2lnbmF0dXJlLW9m",
        "AK" + "IAABCDEFGHIJKLMNOP",
        'password = "' + "q7Zr2mXv9Lk4Tn8Wd3Hs6Yb1" + '"',
    ],
)
def test_a_key_and_a_token_are_seen(text: str) -> None:
    assert secrets_in(text)


def test_a_made_up_word_is_left_alone() -> None:
    assert not secrets_in('token = "not-a-token-not-a-token-not"')

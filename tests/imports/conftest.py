"""Made-up files, the real ones where they lie beside the checkout, and the core of the import command over the running system."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.imports import sending, shipped
from deploy.imports.sending import Order, Outcome
from deploy.postgres.server import Server
from shared.imports import rows
from shared.imports.mapping import Mapping
from shared.imports.problems import Problem
from shared.imports.reading import files
from shared.imports.rows import Ready, Reported
from tests.people import People

MAPPING: dict[str, Any] = {
    "name": "made-up",
    "about": "made-up places",
    "kind": "places",
    "source": "made-up",
    "format": "csv",
    "missing": ["NA"],
    "row": "Id",
    "fields": {
        "name": "Name",
        "place_type": {"column": "Kind", "lookup": {"Prison": "prison", "Jail": "remand_prison"}, "default": "unknown"},
        "capacity": {"column": "Beds", "as": "whole"},
    },
    "report_when": [{"column": "Kind", "is": "Office", "reason": "an office"}],
    "doubt_when": [{"column": "Name", "matches": "^ALL ", "reason": "many places"}],
}
HEADER = "Id,Name,Kind,Beds\n"

Bring = Callable[..., Awaitable[Outcome]]


def mapping_of(**changes: Any) -> Mapping:
    return Mapping.model_validate({**MAPPING, **changes})


@pytest.fixture
def made_up(tmp_path: Path) -> Callable[..., Path]:
    def write(content: str | bytes, name: str = "register.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture(scope="session")
def shared_data(checkout: Path) -> Path:
    folder = Path(os.environ.get("A22_SHARED_DATA") or checkout.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("the real files are not here: set A22_SHARED_DATA to the folder that holds them")
    return folder


@dataclass
class Mapped:
    """A file read through its mapping, without any system."""

    ready: list[dict[str, Any]]
    problems: list[Problem]
    total: int


def mapped(path: Path, mapping: Mapping) -> Mapped:
    with files.at(path) as file:
        found = list(rows.mapped(files.opened(file, mapping), mapping))
    problems = [problem for each in found if isinstance(each, Reported) for problem in each.problems]
    return Mapped([each.fields for each in found if isinstance(each, Ready)], problems, len(found))


@pytest.fixture
def empty_again(cluster: Server) -> Callable[[], Awaitable[None]]:
    """Empty the directory once more inside a test; journal and positions go on."""

    async def emptied() -> None:
        connection = await asyncpg.connect(cluster.url("stakeholders_owner", "stakeholders"))
        try:
            await connection.execute("TRUNCATE stakeholder, authority_entry CASCADE")
        finally:
            await connection.close()

    return emptied


@pytest.fixture
def bring(people: People) -> Bring:
    async def bring_in(file: Path, mapping: Mapping | str, **said: bool) -> Outcome:
        chosen = shipped.load(mapping) if isinstance(mapping, str) else mapping

        async def token() -> str:
            # a large file takes longer than a token lives
            return str((await people.as_("head", step_up=True)).token)

        return await sending.send(people.client, token, file, chosen, Order(**said))

    return bring_in

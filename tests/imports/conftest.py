"""Made-up files, the real ones where they lie beside the checkout, and the core of the import command over the running system."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.imports import mapping as mappings
from deploy.imports import rows, sending
from deploy.imports.mapping import Mapping
from deploy.imports.sending import Order, Outcome
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


@pytest.fixture
def bring(people: People) -> Bring:
    async def bring_in(file: Path, mapping: Mapping | str, **said: bool) -> Outcome:
        chosen = mappings.load(mapping) if isinstance(mapping, str) else mapping

        async def token() -> str:
            # a large file takes longer than a token lives
            return str((await people.as_("head", step_up=True)).token)

        return await sending.send(people.client, token, rows.mapped(file, chosen), Order(**said))

    return bring_in

"""The access matrix through the gateway: every operation × every persona × {own, somebody else's, random, malformed}."""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from gateway import operations
from gateway.development import PERSONAS
from shared.access import Operation
from tests.access.matrix import keys
from tests.access.matrix.asking import asked
from tests.access.matrix.cells import Cell, cells
from tests.access.matrix.controls import opened
from tests.access.matrix.planted import Planted
from tests.access.matrix.without import WITHOUT_CONTROL
from tests.people import Actor, People

#: What an authority does: reads the draft sent to it, corrects facts, answers, asks for more time.
OF_AN_AUTHORITY = {
    "authority.get_report", "authority.propose_correction", "authority.draft_response", "authority.transition_response",
    "authority.ask_extension",
}  # fmt: skip
CELLS_OF_A_TOKEN = 1_000
OUTWARD = [row for row in operations.table(with_development=True).operations.values() if row.audience != "service"]
pytestmark = [pytest.mark.parametrize("people", ["one"], indirect=True), pytest.mark.timeout(600)]


@dataclass
class Run:
    """The cells that were asked, and those that answered otherwise."""

    people: People
    planted: Planted
    actors: dict[str, Actor] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    compared: int = 0
    wrong: list[str] = field(default_factory=list)

    async def log_in(self) -> None:
        """Give everybody a fresh token: they last five minutes, however slow the machine is."""
        self.actors = {name: await self.people.as_(name, step_up=True) for name in PERSONAS}
        self.actors[""] = self.people.stranger()

    async def ask(self, rows: Iterable[Operation]) -> None:
        """Ask every cell of these operations."""
        for number, cell in enumerate(cells(rows, self.planted)):
            if number % CELLS_OF_A_TOKEN == 0:
                await self.log_in()
            sent = asked(cell)
            answer = await self.actors[cell.persona].send(cell.row.method, cell.path.removeprefix("/v1"), **sent)
            self.counted[cell.whose] += 1
            if answer.status_code != cell.status:
                self.wrong.append(f"{cell.name}: {answer.status_code} instead of {cell.status}")
            if answer.is_success:
                self.planted.recorder.succeeded[cell.row.key].add(cell.persona)
                self._compare(cell, answer)

    def _compare(self, cell: Cell, answer: httpx.Response) -> None:
        """Hold the keys of an answer against the schema that its row names."""
        if answer.headers.get("content-type") == "application/json":
            self.compared += 1
            self.wrong += [f"{cell.name}: {each}" for each in keys.differences(cell.row, answer.json())]

    async def control(self, rows: Iterable[Operation]) -> list[str]:
        """Try what has not succeeded yet with its true version; gives what does not open to anybody."""
        await self.log_in()
        # who stands outside first: what the NPM withdraws is no longer there for them
        rows = sorted(rows, key=lambda row: (row.audience == "npm", row.operation == "transition_contract"))
        left = [row for row in rows if not self.planted.recorder.succeeded[row.key] and row.key not in WITHOUT_CONTROL]
        refused = {row.key: await opened(row, self.planted, self.actors) for row in left}
        for key in (key for key, why in refused.items() if not why):
            self.planted.recorder.succeeded[key].add("a control")
        return [f"{key} opens to nobody: {why}" for key, why in refused.items() if why]


@pytest.mark.requirement("R-G01", "R-G02", "R-G03", "R-G04", "R-G07", "R-G12", "R-G14", "R-G16")
async def test_every_operation_answers_every_persona_as_the_access_page_says(
    people: People, planted: Planted, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(people, planted)
    # a conflict shuts its author out of the things that everything else is about: it is declared last
    shutting = [row for row in OUTWARD if row.operation == "declare_conflict"]

    await run.ask(row for row in OUTWARD if row not in shutting)
    closed = await run.control(OUTWARD)
    await run.ask(shutting)

    told = ", ".join(f"{number} {whose}" for whose, number in run.counted.items())
    with capsys.disabled():
        sys.stdout.write(
            f"\naccess matrix at the gateway: {len(OUTWARD)} operations × {len(run.actors)} callers: "
            f"{run.counted.total()} cells ({told}); keys of {run.compared} answers\n"
        )
    assert not run.wrong + closed, "\n".join(run.wrong + closed)
    assert all(planted.recorder.succeeded[key] for key in OF_AN_AUTHORITY)
    assert {row.key for row in OUTWARD} == {row.key for row in OUTWARD if planted.recorder.succeeded[row.key]} | set(
        WITHOUT_CONTROL
    )


def test_what_has_no_control_here_has_it_elsewhere(people: People, checkout: Path) -> None:
    for key, folder in WITHOUT_CONTROL.items():
        text = "".join(path.read_text(encoding="utf-8") for path in (checkout / folder).rglob("test_*.py"))
        assert text, key

"""An import against its model: whatever is added, changed, spoilt or taken out between runs, and wherever a run is cut off.

A run that is cut off ends between two of its transactions, as a process does that is killed; another one goes on.
"""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import HealthCheck
from hypothesis import settings as effort
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from deploy.migrations import migrate
from deploy.postgres import roles
from deploy.postgres.server import Server
from services.visits.places.routes import IMPORT
from shared.access import Operation
from shared.app import ServiceState
from shared.caller import Caller
from shared.db import Database
from shared.imports import runs, usecases
from shared.imports.envelope import ImportQuery
from shared.imports.sealing import Seal
from shared.imports.uploads import Upload
from shared.journal import Sealer
from shared.operations.carrying_out import Carrier
from shared.operations.running import Interrupted
from shared.paging import Cursors
from shared.settings import DATABASES, Settings
from tests.revocations import nobody_revoked

SUFFIX = "_machine"
ROW = Operation(operation="import_places", audience="npm", scopes=("visits:places.write",), object="none")
HEAD = Caller(subject=f"head-{uuid4()}", audience_class="npm", roles=frozenset({"head"}), scopes=frozenset(ROW.scopes))
BATCH = 3


@dataclass
class Register:
    """The visits service over a database of its own, and the loop it lives in."""

    state: ServiceState
    owner: asyncpg.Connection
    loop: asyncio.AbstractEventLoop

    def run(self, wanted: Any) -> Any:
        """Run in the loop, from the machine's thread."""
        return asyncio.run_coroutine_threadsafe(wanted, self.loop).result(timeout=120)

    async def ordered(self, rows: list[dict[str, Any]], **said: bool) -> UUID:
        """Order an import as the route does."""
        body = io.BytesIO("\n".join(json.dumps(row) for row in rows).encode())
        async with self.state.database.work(HEAD, ROW) as work:
            work.state, work.table = self.state, self.state.table
            query = ImportQuery(source="machine", mapping="machine", **said)
            return await usecases.order(work, IMPORT, Upload(body, b"", is_rows=True), query)

    async def carried_out(self, operation_id: UUID, *, cuts: list[int]) -> dict[str, Any]:
        """Carry it out, cut off after so many of its transactions, and again, until it has ended."""
        for after in [*cuts, None]:
            begun = iter(range(1_000_000))
            carrier = Carrier(self.state, self.state.operations, lambda: after is not None and next(begun) >= after)  # noqa: B023
            try:
                await carrier.carry_out(operation_id)
            except Interrupted:
                continue
            break
        ended = await self.owner.fetchrow(
            "SELECT state, result::text AS result FROM operation WHERE id = $1", operation_id
        )
        assert ended["state"] == "done", ended
        told: dict[str, Any] = json.loads(ended["result"])
        return told

    async def kept(self) -> dict[str, tuple[str, int | None]]:
        """Give what the register holds, by row."""
        rows = await self.owner.fetch("SELECT source_row, name, capacity FROM place")
        return {row["source_row"]: (row["name"], row["capacity"]) for row in rows}


@pytest_asyncio.fixture
async def register(cluster: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Register]:
    monkeypatch.setattr(runs, "BATCH_ROWS", BATCH)
    passwords = roles.passwords(cluster.folder, DATABASES)
    await roles.prepare(cluster.admin_url, ["visits"], passwords, environment="test", time_zone="UTC", suffix=SUFFIX)
    await migrate(cluster.url("visits_owner", f"visits{SUFFIX}"), "visits")
    database = Database(cluster.url("visits_app", f"visits{SUFFIX}"), service="visits", pool_size=4)
    state = ServiceState(
        settings,
        database,
        {ROW.key: ROW},
        Cursors(bytes(32)),
        Sealer(database),
        operations=runs.runners([IMPORT]),
        seal=Seal(bytes(32)),
        revocations=nobody_revoked(),
    )
    owner = await asyncpg.connect(cluster.url("visits_owner", f"visits{SUFFIX}"))
    yield Register(state, owner, asyncio.get_running_loop())
    await owner.close()
    await database.close()


NUMBERS = st.integers(min_value=1, max_value=12)
CUTS = st.lists(st.integers(min_value=0, max_value=4), max_size=3)


class Imports(RuleBasedStateMachine):
    """A file that somebody works on, and the register that it is brought into."""

    register: Register

    def __init__(self) -> None:
        super().__init__()
        self.file: dict[str, dict[str, Any]] = {}
        self.held: dict[str, tuple[str, int | None]] = {}
        self.register.run(self.register.owner.execute("TRUNCATE place, operation, journal_queue CASCADE"))

    @rule(number=NUMBERS, beds=st.integers(min_value=0, max_value=9))
    def write_a_row(self, number: int, beds: int) -> None:
        self.file[str(number)] = {"name": f"Place {number}", "place_type": "prison", "capacity": beds}

    @rule(number=NUMBERS)
    def spoil_a_row(self, number: int) -> None:
        self.file[str(number)] = {"name": f"Place {number}", "place_type": "prison", "capacity": "many"}

    @rule(number=NUMBERS)
    def take_a_row_out(self, number: int) -> None:
        self.file.pop(str(number), None)

    @rule(cuts=CUTS, dry_run=st.booleans(), all_or_nothing=st.booleans(), double=st.booleans())
    def bring_it_in(self, cuts: list[int], *, dry_run: bool, all_or_nothing: bool, double: bool) -> None:
        lines = [{"row": row, **cells} for row, cells in self.file.items()]
        lines += lines[:1] if double else []
        if not lines:
            return
        numbered = [{"line": line, **row} for line, row in enumerate(lines, start=1)]
        operation_id = self.register.run(
            self.register.ordered(numbered, dry_run=dry_run, all_or_nothing=all_or_nothing)
        )

        told = self.register.run(self.register.carried_out(operation_id, cuts=cuts))

        assert told == {**told, **self.expected(lines, dry_run=dry_run, all_or_nothing=all_or_nothing)}

    def expected(self, lines: list[dict[str, Any]], *, dry_run: bool, all_or_nothing: bool) -> dict[str, Any]:
        """Say what the run comes to, and keep in the model what it keeps."""
        good = {
            row: (cells["name"], cells["capacity"]) for row, cells in self.file.items() if cells["capacity"] != "many"
        }
        reported = len(lines) - len(good)
        counts = {
            "rows": len(lines),
            "created": len(good.keys() - self.held.keys()),
            "changed": sum(row in self.held and self.held[row] != kept for row, kept in good.items()),
            "unchanged": sum(self.held.get(row) == kept for row, kept in good.items()),
            "reported": reported,
            "held_back": 0,
        }
        if all_or_nothing and reported:
            return {**counts, "created": 0, "changed": 0, "unchanged": 0, "held_back": len(good)}
        if not dry_run:
            self.held |= good
        return counts

    @invariant()
    def the_register_holds_what_the_model_holds(self) -> None:
        assert self.register.run(self.register.kept()) == self.held

    @invariant()
    def no_row_waits(self) -> None:
        assert self.register.run(self.register.owner.fetchval("SELECT count(*) FROM import_row")) == 0


@pytest.mark.parametrize(
    ("examples", "steps"), [(6, 8), pytest.param(60, 25, marks=[pytest.mark.long, pytest.mark.timeout(1_800)])]
)
async def test_an_import_does_what_its_model_does(register: Register, examples: int, steps: int) -> None:
    Imports.register = register
    how = effort(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    await asyncio.to_thread(run_state_machine_as_test, Imports, settings=how)

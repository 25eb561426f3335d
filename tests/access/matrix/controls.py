"""The control of each cell that refuses: the same door opens to somebody, at a thing of the own and in a good state."""

from collections.abc import Mapping

from shared.access import Operation
from tests.access import expected
from tests.access.matrix.asking import asked
from tests.access.matrix.cells import NAME, OWN, Cell, filled, needs_version, success_of
from tests.access.matrix.objects import kind_of
from tests.access.matrix.planted import Ids, Planted
from tests.people import Actor

MOST_THINGS = 12


async def opened(row: Operation, planted: Planted, actors: Mapping[str, Actor]) -> str:
    """Try an operation at own things with their true version until it succeeds; gives the last refusal, or nothing."""
    refused = "nobody has such a thing"
    for persona in actors:
        if not persona or not expected.may_enter(row, persona):
            continue
        for things in _own(row, persona, planted):
            refused = await _tried(row, persona, things, actors[persona])
            if not refused:
                return ""
    return refused


def _own(row: Operation, persona: str, planted: Planted) -> list[Ids]:
    kind = kind_of(row.path)
    if kind is None:
        return [()]
    return planted.own[kind.template, persona][:MOST_THINGS]


async def _tried(row: Operation, persona: str, things: Ids, actor: Actor) -> str:
    path = filled(row.path, things) if NAME.search(row.path) else row.path
    version, allowed = '"none"', []
    if needs_version(row):
        shown = await actor.get(_versioned(row, path).removeprefix("/v1"), headers={"X-Access-Purpose": "supervision"})
        if shown.status_code != 200:
            return f"{persona}: its version cannot be read: {shown.status_code}"
        every = [each.action for each in row.actions]
        version, allowed = shown.headers["ETag"], shown.json().get("allowed_actions", every)
    refused = "no action is allowed"
    for action in allowed if row.actions else [None]:
        answer = await actor.send(
            row.method,
            path.removeprefix("/v1"),
            **asked(Cell(row, persona, OWN, path, success_of(row), action), version, fuller=True),
        )
        if answer.status_code == success_of(row):
            return ""
        refused = f"{persona} {action}: {answer.status_code} {answer.text[60:260]}"
    return refused


def _versioned(row: Operation, path: str) -> str:
    """Give the path of what a version is of: the thing itself, whose parts and transitions lie under it."""
    if row.method == "PATCH" or path.endswith(("/mapping", "/assignments", "/decision-matrix")):
        return path
    if row.method == "DELETE":
        return path.rpartition("/")[0].rpartition("/")[0]
    if row.method == "PUT" and row.path.endswith("}"):
        return path
    return path.rpartition("/")[0]

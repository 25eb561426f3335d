"""The cells of the matrix: operation × persona × whose thing, each with the status that the access page expects of it.

Pure but for what stands in the database: nothing here asks the code under test who may do what.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import uuid4

from gateway.development import PERSONAS
from shared.access import Operation
from tests.access import expected
from tests.access.matrix import bodies
from tests.access.matrix.objects import TEAM_OF, kind_of
from tests.access.matrix.planted import Ids, Planted
from tests.access.matrix.without import ANSWERS, MAKES_WHAT_IS_NOT_THERE, NARROWER, TEAM_ONLY

EVERYBODY = ("", *PERSONAS)
NAME = re.compile(r"\{([a-z_]+)\}")
OWN, OTHERS, RANDOM, MALFORMED, NO_ID = "own", "other's", "random", "malformed", "no id"
A_VISIT = "/v1/npm/visits/{visit_id}"
#: A version that nothing has: whoever reaches the thing is told that it is another one, and nothing changes.
NO_VERSION = '"x"'


@dataclass(frozen=True)
class Cell:
    """One request, and the status it must have."""

    row: Operation
    persona: str
    whose: str
    path: str
    status: int
    action: str | None = None
    """Of a transitions route: which action is asked for."""

    @property
    def name(self) -> str:
        """Name the cell."""
        asked = f" {self.action}" if self.action else ""
        return f"{self.row.key}{asked} as {self.persona or 'nobody'}, {self.whose}"


def cells(rows: Iterable[Operation], planted: Planted, everybody: Iterable[str] = EVERYBODY) -> Iterator[Cell]:
    """Give every cell of these operations: all personas, own, somebody else's, random and malformed ids; reads first."""
    people = list(everybody)
    for row in sorted(rows, key=_turn):
        for persona in people:
            for whose, path, things in _paths(row, persona, planted):
                for action in _actions(row, persona, whose):
                    status = _status(row, persona, whose, things, action, planted)
                    yield Cell(row, persona, whose, path, status, action)


def _turn(row: Operation) -> tuple[bool, bool, str]:
    """Reads come first, and last what shuts its author out of the things that the others are about."""
    return row.method != "GET", row.operation == "declare_conflict", row.key


def _actions(row: Operation, persona: str, whose: str) -> list[str | None]:
    """Give the actions to ask for: all of them to who comes in at all, and one to everybody else and at no thing at all."""
    if not row.actions:
        return [None]
    comes_in = persona and whose != MALFORMED and expected.may_enter(row, persona)
    return [each.action for each in (row.actions if comes_in else row.actions[:1])]


def _paths(row: Operation, persona: str, planted: Planted) -> Iterator[tuple[str, str, Ids]]:
    names = NAME.findall(row.path)
    if not names:
        yield NO_ID, row.path, ()
        return
    kind = kind_of(row.path)
    if kind is None:
        raise LookupError(f"{row.path}: no kind of thing is known for this path")
    # somebody of another class is asked about what exists: the answer is the same for all that is not theirs
    own, others = planted.own[kind.template, persona], planted.others[kind.template, persona]
    if own:
        yield OWN, filled(row.path, own[0]), own[0]
    if others:
        yield OTHERS, filled(row.path, others[0]), others[0]
    for whose, value in ((RANDOM, str(uuid4())), (MALFORMED, "-malformed")):
        yield whose, filled(row.path, (value,) * len(names)), ()


def filled(path: str, values: Ids) -> str:
    """Fill ids into a path, in their order."""
    for name, value in zip(NAME.findall(path), values, strict=True):
        path = path.replace("{" + name + "}", value, 1)
    return path


def _status(row: Operation, persona: str, whose: str, things: Ids, action: str | None, planted: Planted) -> int:
    told = expected.PERSONAS[persona]["class"] if persona else "public"
    if row.audience != "public" and not persona:
        return 401
    if whose == MALFORMED:
        # a path that no operation has: another class's prefix tells nothing, the own class's says that nothing is there
        return 403 if row.audience not in ("public", told) else 404
    if row.audience != "public":
        refused = expected.refusal(row, persona, is_stepped_up=True, names_purpose=True)
        if refused is not None:
            return refused
        if not _is_taken(row, persona, action):
            return 403
    is_seen, is_theirs = (things[:1] in planted.own[kind, persona] for kind in (A_VISIT, TEAM_OF))
    if row.key in TEAM_ONLY and is_seen and not is_theirs:
        return 403
    if row.key in MAKES_WHAT_IS_NOT_THERE:
        return 412
    if whose in (OTHERS, RANDOM):
        return 404
    return _of_own(row, persona, planted)


def _is_taken(row: Operation, persona: str, action: str | None) -> bool:
    """Tell whether the scopes of an action, and the roles where they are fewer, take the request of a persona."""
    if action is not None and not expected.may_take(row, persona, action):
        return False
    roles = NARROWER.get(f"{row.key} {action}" if action else row.key)
    return roles is None or bool(roles & set(expected.PERSONAS[persona]["roles"]))


def _of_own(row: Operation, persona: str, planted: Planted) -> int:
    """Give the status of what is the caller's own, or of a thing that is yet to be made."""
    single = kind_of(row.path) if not NAME.search(row.path) else None
    if single is not None and not planted.own[single.template, persona]:
        return 404
    if row.bulk:
        # lines are sent as plain text: once the walls are passed that is refused, and nothing is ordered
        return 415
    for key in (f"{row.key} {persona}", row.key):
        if key in ANSWERS:
            return ANSWERS[key][0]
    return 412 if needs_version(row) else success_of(row)


def success_of(row: Operation) -> int:
    """Give the status that an operation's document names for success."""
    return next(int(status) for status in bodies.told_of(row)["responses"] if status.startswith("2"))


def needs_version(row: Operation) -> bool:
    """Tell whether an operation asks for If-Match."""
    return any(each.get("name") == "If-Match" for each in bodies.told_of(row).get("parameters", ()))

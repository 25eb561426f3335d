"""What is kept from a person of the NPM or an expert, asked of stakeholders: conflicts, a secondee's origin, an expert's standing.

Of experts and secondees it is asked on every request and never kept: access ends with the next request. Of others of the NPM an
answer counts for two seconds, so a conflict shuts everywhere within five. Without standing an expert reaches the own engagement,
contract and `me` alone, which say why. A secondee without a known origin passes, and the databases show nothing that is
anybody's. When stakeholders does not answer, nobody is let in to anything that a conflict could be about.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from gateway.composition import Composer
from gateway.recent import Recent
from shared.access import Operation
from shared.caller import EXCLUSIONS, Caller
from shared.errors import AppError, Forbidden, Unavailable

#: What of the gateway's own stays open to an expert without standing, besides all of stakeholders.
_ABOUT_ONESELF = frozenset({"expert.show_rights"})
#: No place, authority, person or matter is in it, so it is not asked what is kept from somebody of the NPM.
CONCERNS_NOTHING = frozenset(
    {
        "npm.get_me", "npm.show_rights", "npm.list_operations", "npm.get_operation", "npm.transition_operation",
        "npm.advance_clock",
    }
)  # fmt: skip
#: Whose function a conflict ends still sees and declares own ones; who finds others' there too is kept out.
_OWN_CONFLICTS = frozenset({"npm.list_conflicts", "npm.get_conflict", "npm.declare_conflict"})
_FINDS_OTHERS = frozenset({"head", "member", "data_protection_officer"})
#: So many ids fit into what a service is told of a caller; nobody is let in past a list that is cut off.
MOST_EXCLUDED = 100

_SELF = Caller(
    subject="gateway",
    client_id="gateway",
    audience_class="service",
    roles=frozenset({"system"}),
    scopes=frozenset({"stakeholders:standing.read"}),
)


@dataclass(frozen=True, kw_only=True)
class Recusal:
    """What conflicts do to a person of the NPM today; nothing at all for nearly everybody."""

    ends_function: bool = False
    excluded: dict[str, tuple[str, ...]]
    """By the names of the caller's lists; empty where nothing is kept."""


_NOTHING_KEPT = Recusal(excluded={})


class Standing:
    """Asks whether an expert may be let in, and what is shut to experts and to people of the NPM."""

    def __init__(self, composer: Composer, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Ask through the composer; `clock` gives seconds that never go back."""
        self._composer = composer
        self._recusals = Recent(self._recusal, clock=clock)

    async def applied(self, caller: Caller, operation: Operation, request_id: str) -> Caller:
        """Give the caller with what is excluded; Forbidden without standing, Unavailable when nobody can tell."""
        if "secondee" in caller.roles:
            return await self._apart_from_origin(caller, request_id)
        if caller.audience_class == "npm":
            return await self._apart_from_conflicts(caller, operation)
        if caller.audience_class != "expert" or operation.service == "stakeholders":
            return caller
        if operation.key in _ABOUT_ONESELF:
            return caller
        told = await self._asked("read_expert_standing", request_id, expert_id=caller.expert_id)
        if not told["in_standing"]:
            raise Forbidden
        return _kept_from(caller, _lists(told["excluded"]))

    async def narrowed(self, asked: Caller, given: Caller, operation: Operation) -> AppError | None:
        """Give why a request that takes long must end, if it must: more is kept from the caller than when it began."""
        try:
            now = await self.applied(asked, operation, str(uuid4()))
        except AppError as refusal:
            return refusal
        more = any(set(getattr(now, name)) - set(getattr(given, name)) for name in EXCLUSIONS)
        return Unavailable() if more else None

    async def _apart_from_origin(self, caller: Caller, request_id: str) -> Caller:
        told = await self._asked("read_secondment", request_id, person_id=caller.person)
        return _kept_from(caller, _lists(told["excluded"]))

    async def _apart_from_conflicts(self, caller: Caller, operation: Operation) -> Caller:
        if operation.key in CONCERNS_NOTHING or caller.is_machine:
            return caller
        kept = await self._recusals.of(caller.person)
        if kept.ends_function and (operation.key not in _OWN_CONFLICTS or caller.roles & _FINDS_OTHERS):
            raise Forbidden
        return _kept_from(caller, kept.excluded) if kept.excluded else caller

    async def _recusal(self, person: str) -> Recusal:
        if not _is_on_record(person):
            return _NOTHING_KEPT
        told = await self._asked("read_recusal", str(uuid4()), person_id=person)
        lists = {name: ids for name, ids in _lists(told["excluded"]).items() if ids}
        return Recusal(ends_function=told["ends_function"], excluded=lists)

    async def _asked(self, operation: str, request_id: str, **query: Any) -> Any:
        part = await self._composer.ask(_SELF, operation, request_id=request_id, **query)
        if part.status != 200:
            raise Unavailable
        return part.content


def _is_on_record(person: str) -> bool:
    """Tell whether a conflict can name this person: conflicts name people by our ids, and a login alone has none."""
    try:
        UUID(person)
    except ValueError:
        return False
    return True


def _lists(excluded: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(excluded[name.removeprefix("excluded_")]) for name in EXCLUSIONS}


def _kept_from(caller: Caller, lists: dict[str, tuple[str, ...]]) -> Caller:
    if sum(map(len, lists.values())) > MOST_EXCLUDED:
        raise Forbidden
    named: dict[str, Any] = {**lists}
    return replace(caller, **named)

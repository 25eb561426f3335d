"""An expert's standing and a secondee's origin, asked of stakeholders on every request and never kept.

Access ends with the next request. Without standing an expert reaches the own engagement, contract and `me` alone, which
say why. A secondee without a known origin passes, and the databases show nothing that is anybody's.
"""

from dataclasses import replace
from typing import Any

from gateway.composition import Composer
from shared.access import Operation
from shared.caller import Caller
from shared.errors import Forbidden, Unavailable

#: What of the gateway's own stays open without standing, besides all of stakeholders.
_ABOUT_ONESELF = frozenset({"expert.show_rights"})
#: So many authorities fit into what a service is told of a caller; nobody is let in past a list that is cut off.
MOST_EXCLUDED = 100

_SELF = Caller(
    subject="gateway",
    client_id="gateway",
    audience_class="service",
    roles=frozenset({"system"}),
    scopes=frozenset({"stakeholders:standing.read"}),
)


class Standing:
    """Asks whether an expert may be let in, and what is shut to experts and secondees."""

    def __init__(self, composer: Composer) -> None:
        """Ask through the composer."""
        self._composer = composer

    async def applied(self, caller: Caller, operation: Operation, request_id: str) -> Caller:
        """Give the caller with what is excluded; Forbidden without standing, Unavailable when nobody can tell."""
        if "secondee" in caller.roles:
            return await self._apart_from_origin(caller, request_id)
        if caller.audience_class != "expert" or operation.service == "stakeholders":
            return caller
        if operation.key in _ABOUT_ONESELF:
            return caller
        told = await self._asked("read_expert_standing", request_id, expert_id=caller.expert_id)
        if not told["in_standing"]:
            raise Forbidden
        return _kept_from(caller, told["excluded"])

    async def _apart_from_origin(self, caller: Caller, request_id: str) -> Caller:
        told = await self._asked("read_secondment", request_id, person_id=caller.person)
        return _kept_from(caller, told["excluded"])

    async def _asked(self, operation: str, request_id: str, **query: Any) -> Any:
        part = await self._composer.ask(_SELF, operation, request_id=request_id, **query)
        if part.status != 200:
            raise Unavailable
        return part.content


def _kept_from(caller: Caller, excluded: dict[str, list[str]]) -> Caller:
    if len(excluded["places"]) + len(excluded["authorities"]) > MOST_EXCLUDED:
        raise Forbidden
    return replace(
        caller, excluded_places=tuple(excluded["places"]), excluded_authorities=tuple(excluded["authorities"])
    )

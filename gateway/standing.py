"""An expert's standing, asked of stakeholders on every request and never kept: access ends with the next request.

Without standing an expert reaches the own engagement, contract and `me` alone, which say why.
"""

from dataclasses import replace

from gateway.composition import Composer
from shared.access import Operation
from shared.caller import Caller
from shared.errors import Forbidden, Unavailable

#: What of the gateway's own stays open without standing, besides all of stakeholders.
_ABOUT_ONESELF = frozenset({"expert.show_rights"})

_SELF = Caller(
    subject="gateway",
    client_id="gateway",
    audience_class="service",
    roles=frozenset({"system"}),
    scopes=frozenset({"stakeholders:standing.read"}),
)


class Standing:
    """Asks whether an expert may be let in, and what is shut by conflicts of interest."""

    def __init__(self, composer: Composer) -> None:
        """Ask through the composer."""
        self._composer = composer

    async def applied(self, caller: Caller, operation: Operation, request_id: str) -> Caller:
        """Give the caller with what is excluded; Forbidden without standing, Unavailable when nobody can tell."""
        if caller.audience_class != "expert" or operation.service == "stakeholders":
            return caller
        if operation.key in _ABOUT_ONESELF:
            return caller
        part = await self._composer.ask(
            _SELF, "read_expert_standing", request_id=request_id, expert_id=caller.expert_id
        )
        if part.status != 200:
            raise Unavailable
        if not part.content["in_standing"]:
            raise Forbidden
        excluded = part.content["excluded"]
        return replace(
            caller, excluded_places=tuple(excluded["places"]), excluded_authorities=tuple(excluded["authorities"])
        )

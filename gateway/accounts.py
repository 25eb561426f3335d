"""From who somebody is to what they may do: the account behind a login, asked of stakeholders and kept for two seconds.

Nobody is let in without an answer: stakeholders out of reach is 503. An account that ends is refused within five seconds.
"""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from gateway.composition import Composer
from gateway.effective import AccountGiven, reason_of, rights_of
from gateway.identities import Identity
from gateway.recent import Recent
from gateway.without_access import NoAccess
from shared.access import vocabulary
from shared.caller import Caller
from shared.errors import Unavailable

_SELF = Caller(
    subject="gateway",
    client_id="gateway",
    audience_class="service",
    roles=frozenset({"system"}),
    scopes=frozenset({"stakeholders:standing.read"}),
)


class Accounts:
    """Makes the caller of a verified login: roles and scopes from mapping, account and decision matrix."""

    def __init__(self, composer: Composer, *, institution_id: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Ask through the composer, for one institution; `clock` gives seconds that never go back."""
        self._composer = composer
        self._institution_id = institution_id
        self._recent = Recent(self._asked, clock=clock)

    async def caller(self, identity: Identity) -> Caller:
        """Give the caller behind a login; NoAccess with the reason, Unavailable when nobody can tell."""
        account, words = await self._recent.of((identity.issuer, identity.subject)), vocabulary()
        rights = rights_of(identity, account, words=words, institution_id=self._institution_id)
        if rights is None:
            raise NoAccess(_login_of(identity), reason_of(identity, account, words))
        return Caller(
            subject=identity.subject,
            audience_class=identity.audience_class,
            roles=rights.roles,
            scopes=rights.scopes,
            client_id=identity.client_id,
            person_id=rights.person_id,
            institution_id=self._institution_id,
            authority_id=rights.authority_id,
            department_id=rights.department_id,
            expert_id=rights.expert_id,
            partner_id=rights.partner_id,
            acr=identity.acr,
            auth_time=identity.auth_time,
            issuer=identity.issuer,
            token_id=identity.token_id,
            issued_at=identity.issued_at,
        )

    async def _asked(self, login: tuple[str, str]) -> AccountGiven | None:
        issuer, subject = login
        part = await self._composer.ask(_SELF, "read_account", request_id=str(uuid4()), issuer=issuer, subject=subject)
        if part.status != 200:
            raise Unavailable
        account: dict[str, Any] | None = part.content["account"]
        if account is None:
            return None
        return AccountGiven(
            is_in_force=account["is_in_force"],
            audience_class=account["audience_class"],
            roles=frozenset(account["roles"]),
            person_id=account["person_id"],
            expert_id=account["expert_id"] or "",
            authority_id=account["authority_id"] or "",
            department_id=account["department_id"] or "",
            partner_id=account["partner_id"] or "",
            decision_scopes=frozenset(account["decision_scopes"]),
        )


def _login_of(identity: Identity) -> Caller:
    """Give who asks without any right, for the list of ended access alone."""
    return Caller(
        subject=identity.subject,
        audience_class=identity.audience_class,
        client_id=identity.client_id,
        authority_id=identity.organisation_id if identity.audience_class == "authority" else "",
        partner_id=identity.organisation_id if identity.audience_class == "partner" else "",
        issuer=identity.issuer,
        token_id=identity.token_id,
        issued_at=identity.issued_at,
    )

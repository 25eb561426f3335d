"""From a proof to what a token carries: the registry is asked, the memorandum is asked for, scopes are only narrowed."""

import hashlib
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from gateway.composition import Composer
from gateway.oauth.assertions import ASSERTION_TYPE, Assertion, NoProof, read
from gateway.oauth.refusals import (
    InvalidClient,
    InvalidRequest,
    InvalidScope,
    TemporarilyUnavailable,
    UnauthorizedClient,
)
from gateway.own.clients import queries, rules, usecases
from gateway.own.clients.rules import ClientStatus, KeyStatus
from gateway.signing import LONGEST_LIFE_SECONDS
from shared.app import ServiceState
from shared.caller import Caller
from shared.claims import caller_from
from shared.errors import Unauthorized
from shared.identity import PublicKey, stamped
from shared.journal import Event
from shared.revocations.copies import Revocations

#: Clocks of several hosts may differ by less than this: a proof is remembered so much longer than it lives.
_REMEMBERED = timedelta(minutes=10)
#: RFC 6749 §3.3.
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*")
_BOUND = ("institution_id", "authority_id", "department_id", "partner_id", "mou_id")
#: The gateway asks as itself, with the one scope that this question needs.
_SELF = Caller(
    subject="gateway",
    client_id="gateway",
    audience_class="service",
    roles=frozenset({"system"}),
    scopes=frozenset({"stakeholders:standing.read"}),
)
#: A key of nobody: an unknown client costs the same look at a signature as a known one.
_NOBODY = {
    "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
    "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
}


@dataclass(frozen=True)
class Proven:
    """A client that proved itself, with what is registered of it."""

    assertion: Assertion
    registered: dict[str, Any]

    @property
    def client_id(self) -> UUID:
        """Give the client's id."""
        return self.assertion.client_id


class Access:
    """Judges machine clients on the gateway's own database."""

    def __init__(self, state: ServiceState, ended: Revocations) -> None:
        """Take what the gateway's own routes work with, and the list of ended access."""
        self._state = state
        self._settings = state.settings
        self._composer: Composer = state.extras["composer"]
        self._ended = ended

    async def proven(self, form: dict[str, str]) -> Proven:
        """Give the client behind a form's assertion; every defect is the one InvalidClient."""
        try:
            if form.get("client_assertion_type") != ASSERTION_TYPE:
                raise NoProof("type")
            assertion = read(form.get("client_assertion", ""), issuer=self._settings.base_url, now=time.time())
            async with self._state.database.inside("service", operation="prove_client") as work:
                registered = await queries.presented(work, assertion.client_id, assertion.kid)
            assertion.verify(_key(assertion.kid, registered))
        except NoProof:
            raise InvalidClient from None
        if registered is None or not _is_let_in(registered):
            raise InvalidClient
        if form.get("client_id", str(assertion.client_id)) != str(assertion.client_id):
            raise InvalidRequest("client_id is not the client of the assertion")
        return Proven(assertion, registered)

    async def scopes(self, proven: Proven, asked: str | None, request_id: str) -> frozenset[str]:
        """Give the scopes of a token; InvalidScope beyond the registration, UnauthorizedClient without a memorandum in force."""
        registered = proven.registered
        ceiling = usecases.scopes_of(registered["audience_class"], registered["roles"]) & frozenset(
            registered["scopes"]
        )
        if asked is not None and not _SCOPE.fullmatch(asked):
            raise InvalidScope
        granted = rules.granted(ceiling, None if asked is None else asked.split(" "))
        if not granted:
            raise InvalidScope
        if registered["mou_id"] is not None and not await self._is_in_force(registered, request_id):
            raise UnauthorizedClient("the memorandum of understanding is not in force")
        return granted

    async def _is_in_force(self, registered: dict[str, Any], request_id: str) -> bool:
        part = await self._composer.ask(
            _SELF, "read_mou_standing", request_id=request_id,
            mou_id=str(registered["mou_id"]), partner_id=str(registered["partner_id"]),
        )  # fmt: skip
        if part.status != 200:
            raise TemporarilyUnavailable
        return part.content["is_in_force"] is True

    async def use_up(self, proven: Proven, event: Event, *, ending: str | None = None) -> None:
        """Use the proof up and journal what came of it, in one transaction; InvalidClient when it was used before.

        `ending` is the id of a token that the client ends by it.
        """
        assertion = proven.assertion
        ends_at = datetime.fromtimestamp(assertion.expires_at, UTC)
        async with self._state.database.inside("service", operation=event.name) as work:
            is_first = await queries.use_once(
                work, assertion.client_id, assertion.kid,
                digest=hashlib.sha256(assertion.jti.encode()).digest(), ends_at=ends_at,
            )  # fmt: skip
            if not is_first:
                raise InvalidClient
            await queries.forget(work, ended_before=datetime.fromtimestamp(time.time(), UTC) - _REMEMBERED)
            work.record(event)
            if ending is not None:
                work.state = self._state
                await usecases.end_token(work, ending)

    def require_open(self, claims: dict[str, Any]) -> None:
        """Give nothing to a client whose own access, or that of its organisation, was ended; UnauthorizedClient."""
        try:
            self._ended.judge(caller_from(claims))
        except Unauthorized:
            raise UnauthorizedClient("the access of this client was ended") from None

    def claims(self, proven: Proven, scopes: frozenset[str]) -> dict[str, Any]:
        """Give the claims of a token, all bound to the registration; times in seconds on the host's clock."""
        registered = proven.registered
        subject = str(proven.client_id)
        return {
            **stamped(
                {}, issuer=self._settings.base_url, audience=self._settings.audience, seconds=LONGEST_LIFE_SECONDS
            ),
            "sub": subject,
            "client_id": subject,
            "audience_class": registered["audience_class"],
            "roles": list(registered["roles"]),
            "scope": " ".join(sorted(scopes)),
            **{name: str(registered[name]) for name in _BOUND if registered[name] is not None},
        }


def _key(kid: str, registered: dict[str, Any] | None) -> PublicKey:
    point = registered or _NOBODY
    return PublicKey.from_jwk({"kty": "EC", "crv": "P-256", "kid": kid, "x": point["x"], "y": point["y"]})


def _is_let_in(registered: dict[str, Any]) -> bool:
    return rules.verifies(KeyStatus(registered["key_status"])) and rules.is_usable(
        ClientStatus(registered["status"]), registered["valid_until"], registered["today"]
    )

"""Who sends what: real tokens of the development issuer, renewed before they end, and the persona that an operation needs."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests

#: Who sends for each audience; the first that holds an operation's scopes, or now and then anybody.
SENDERS = {
    "public": ("",),
    "expert": ("expert", "expert-two"),
    "authority": ("authority-validator", "authority-official", "focal-point", "authority-official-two"),
    "partner": ("partner", "nhri-complaints", "cso", "partner-two"),
    "npm": (
        "head",
        "complaints-officer",
        "staff",
        "data-protection-officer",
        "vault-keeper",
        "deputy-head",
        "sysadmin",
    ),
}
MACHINES = frozenset({"partner", "partner-two", "cso"})
RENEWED_AFTER_SECONDS = 200


@dataclass
class Callers:
    """The callers of one audience at one address."""

    address: str
    audience: str
    _tokens: dict[str, tuple[float, str]] = field(default_factory=dict)

    def token(self, persona: str) -> str:
        """Give a persona's token with a strong login, made anew before it ends."""
        given_at, token = self._tokens.get(persona, (0.0, ""))
        if time.monotonic() - given_at > RENEWED_AFTER_SECONDS or not token:
            answer = requests.post(
                f"{self.address}/development/tokens", json={"persona": persona, "step_up": True}, timeout=30
            )
            answer.raise_for_status()
            token = answer.json()["token"]
            self._tokens[persona] = (time.monotonic(), token)
        return token

    def choose(self, access: Mapping[str, Any], chance: Random) -> str:
        """Choose who sends one request: one of those who may, or in one of twelve cases anybody of the audience."""
        everybody = SENDERS[self.audience]
        if self.audience == "public" or chance.random() < 1 / 12:
            return chance.choice(everybody)
        able = [name for name in everybody if self._may(name, access)]
        return chance.choice(able[:2] or everybody)

    def _may(self, persona: str, access: Mapping[str, Any]) -> bool:
        held = self._scopes(persona)
        actions = access.get("actions", ())
        has_action = not actions or any(held.issuperset(each["scopes"]) for each in actions)
        return held.issuperset(access.get("scopes", ())) and has_action

    def _scopes(self, persona: str) -> frozenset[str]:
        middle = self.token(persona).split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return frozenset(str(claims["scope"]).split())

"""A real OpenID provider as a process of its own, and a front end that logs people in with Authorization Code and PKCE."""

import base64
import hashlib
import json
import queue
import secrets
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.command import judges
from tests.gateway.signing import encoded, public_jwk
from tests.waiting import eventually

HERE = Path(__file__).resolve().parent
DOCUMENTS = ("/.well-known/openid-configuration", "/jwks")
BACK = "https://front.example.org/back"


def private_jwk(private: ec.EllipticCurvePrivateKey, kid: str) -> dict[str, Any]:
    """Give a key as the provider signs with it."""
    return {**public_jwk(private, kid), "d": encoded(private.private_numbers().private_value.to_bytes(32))}


class Running:
    """A provider that runs: its issuer, and how often its documents were asked for."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        """Wait until it is ready, and go on listening to what it says."""
        self.process = process
        self._asked: Counter[str] = Counter()
        self._ready: queue.Queue[dict[str, Any]] = queue.Queue()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()
        told = self._ready.get(timeout=30)
        self.issuer, self.resource = told["ready"], told["resource"]

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told = json.loads(line)
            if "asked" in told:
                self._asked[told["asked"]] += 1
            elif "ready" in told:
                self._ready.put(told)

    async def documents(self) -> dict[str, int]:
        """Give how often each document about its keys was asked for until now."""
        mark = f"/mark-{secrets.token_hex(4)}"
        async with httpx.AsyncClient() as client:
            await client.get(f"{self.issuer}{mark}")

        async def is_told() -> bool:
            return mark in self._asked

        # it tells of requests in their order: what came before the mark has been counted
        await eventually(is_told)
        return {path: number for path, number in self._asked.items() if path in DOCUMENTS}

    def end(self) -> None:
        """End it at once, as an outage does."""
        self.process.kill()
        self.process.wait(10)
        self._listener.join(10)
        if self.process.stdout:
            self.process.stdout.close()


@contextmanager
def provider(folder: Path, *keys: dict[str, Any], port: int = 0) -> Iterator[Running]:
    """Run a provider with these private keys, the first of which signs, until the block ends."""
    tools = judges.workshop(HERE)
    assert judges.install(tools) == 0
    path = folder / f"{secrets.token_hex(4)}.json"
    path.write_text(json.dumps({"keys": list(keys)}))
    command = ["node", "provider.mjs", str(port), str(path)]
    process = subprocess.Popen(
        command, cwd=tools, env=judges.node_environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    running = None
    try:
        running = Running(process)
        yield running
    finally:
        if running is not None:
            running.end()
        elif process.poll() is None:
            process.kill()
            process.wait(10)


async def login(running: Running, person: str, *, second_factor: bool = False) -> dict[str, Any]:
    """Log somebody in as a front end does, and give what the token endpoint gives."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(8)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": "npm-front-end", "response_type": "code", "redirect_uri": BACK, "scope": "openid article22", "state": state,
        "resource": running.resource, "code_challenge": challenge, "code_challenge_method": "S256", "nonce": "n-1",
    }  # fmt: skip
    async with httpx.AsyncClient() as browser:
        back = await _walked(
            browser, f"{running.issuer}/auth", asked, {"login": person, "second_factor": "1" if second_factor else ""}
        )
        answer = await browser.post(
            f"{running.issuer}/token",
            data={
                "grant_type": "authorization_code", "code": back["code"][0], "redirect_uri": BACK, "client_id": "npm-front-end",
                "code_verifier": verifier, "resource": running.resource,
            },
        )  # fmt: skip
    assert back["state"] == [state]
    assert answer.status_code == 200, answer.text
    given: dict[str, Any] = answer.json()
    return given


async def _walked(
    browser: httpx.AsyncClient, address: str, query: dict[str, str], form: dict[str, str]
) -> dict[str, list[str]]:
    """Follow the provider through its pages, filling in each form, until it sends the browser back to the front end."""
    answer = await browser.get(address, params=query)
    for _ in range(12):
        if answer.status_code == 200:
            answer = await browser.post(answer.url, data=form)
            continue
        assert answer.is_redirect, answer.text
        address = urljoin(str(answer.url), answer.headers["Location"])
        if address.startswith(BACK):
            return parse_qs(urlsplit(address).query)
        answer = await browser.get(address)
    raise AssertionError("the provider did not send the browser back")

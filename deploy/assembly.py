"""The composition root: puts gateway and services together in one process or in several. The only place that knows both."""

import importlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from gateway import documents, operations
from gateway.app import Gateway
from gateway.composition import Composer
from gateway.development import DevelopmentIssuer
from gateway.own import app as own_app
from gateway.pages import Pages
from gateway.standing import Standing
from gateway.tokens import trusted
from gateway.upstreams import Local, Remote, Upstream
from shared.app import Wiring
from shared.db import Database
from shared.errors import Unavailable
from shared.heads import HeadFile
from shared.identity import INTERNAL_TOKEN_TYPE, PublicKey, SigningKey, TokenProfile, secret_kept_in
from shared.inbox import Door
from shared.revocations import following
from shared.revocations.copies import Revocations
from shared.settings import DATABASES, SERVICES, Settings


class _Later:
    """An ASGI app that is put together after those who call it."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.app is None:
            raise Unavailable
        await self.app(scope, receive, send)


def service_key(settings: Settings, service: str) -> SigningKey:
    """Give the key with which a service speaks to the gateway."""
    return SigningKey.kept_in(settings.secrets / service, "service")


def internal_key(settings: Settings) -> SigningKey:
    """Give the key of the gateway's internal tokens."""
    return SigningKey.kept_in(settings.secrets / "gateway", "internal")


def publish_keys(settings: Settings) -> None:
    """Make the keys of gateway and services where they are missing, and write their public halves; at set-up only."""
    settings.public_keys.mkdir(parents=True, exist_ok=True)
    keys = {"gateway": internal_key(settings), "gateway-service": service_key(settings, "gateway")}
    keys |= {service: service_key(settings, service) for service in SERVICES}
    for name, key in keys.items():
        (settings.public_keys / f"{name}.jwk.json").write_text(json.dumps(key.public.as_jwk()), encoding="utf-8")


def published_key(settings: Settings, name: str) -> PublicKey:
    """Read the public key of the gateway or of a service."""
    return PublicKey.from_jwk(json.loads((settings.public_keys / f"{name}.jwk.json").read_text(encoding="utf-8")))


def _created(service: str, wiring: Wiring) -> FastAPI:
    module = importlib.import_module(f"services.{service}.app")
    made: FastAPI = module.create_app(wiring)
    return made


def _wiring(
    service: str,
    settings: Settings,
    url: str,
    client: httpx.AsyncClient,
    revocations: Revocations,
    *,
    tokens: TokenProfile | None = None,
    **more: Any,
) -> Wiring:
    """Wire one app; it goes by the copy of the list of revocations that is handed to it."""
    folder = settings.secrets / service
    key = service_key(settings, service)
    return Wiring(
        settings=settings,
        database=Database(url, service=service, pool_size=settings.pool_size),
        door=Door(service, settings=settings, key=key, client=client),
        tokens=tokens,
        cursor_key=secret_kept_in(folder, "cursors", 32),
        heads=HeadFile(settings.heads_folder, service, key),
        extras={"secrets": folder, **more},
        revocations=revocations,
    )


def one_process(settings: Settings, urls: Mapping[str, str]) -> Gateway:
    """Put everything into one process; `urls` are the databases as their app roles."""
    door, ended = _Later(), Revocations()
    apps = {
        service: _created(service, _wiring(service, settings, urls[service], _through(door, settings), ended))
        for service in SERVICES
    }
    upstreams: dict[str, Upstream] = {name: Local(app) for name, app in apps.items()}
    return _gateway(settings, urls["gateway"], upstreams, door, ended, lifespans=tuple(apps.values()))


def _through(door: _Later, settings: Settings) -> httpx.AsyncClient:
    """Make the way to the gateway of this very process, through all of its walls."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=door), base_url=settings.base_url)


def gateway_alone(settings: Settings) -> Gateway:
    """Put the gateway together on its own database, with the services at `settings.service_urls`."""
    key = internal_key(settings)
    addresses = settings.service_urls
    upstreams: dict[str, Upstream] = {
        name: Remote(address, name, settings=settings, key=key) for name, address in addresses.items()
    }
    return _gateway(settings, settings.service_database_url, upstreams, _Later(), Revocations())


def service_alone(service: str, settings: Settings, revocations: Revocations | None = None) -> FastAPI:
    """Put one service together; it takes internal tokens signed with the gateway's key.

    It follows the gateway's list of revocations, unless it is given a copy that somebody else keeps.
    """
    internal = published_key(settings, "gateway")
    profile = TokenProfile(settings.internal_issuer, service, INTERNAL_TOKEN_TYPE, 60, {internal.kid: internal}.get)
    client = httpx.AsyncClient(base_url=settings.gateway_url or settings.base_url)
    url, ended = settings.service_database_url, revocations or Revocations()
    wiring = _wiring(service, settings, url, client, ended, tokens=profile)
    return _created(service, wiring if revocations else replace(wiring, follow=following.through(wiring.door)))


def _gateway(
    settings: Settings,
    url: str,
    upstreams: dict[str, Upstream],
    door: _Later,
    ended: Revocations,
    *,
    lifespans: tuple[FastAPI, ...] = (),
) -> Gateway:
    folder = settings.secrets / "gateway"
    index = operations.table(with_development=not settings.is_production)
    inner = operations.table(with_development=not settings.is_production, with_inside=True)
    composer = Composer(inner, upstreams)
    own = own_app.create_app(_wiring("gateway", settings, url, _through(door, settings), ended, composer=composer))
    upstreams["gateway"] = Local(own)
    issuer = None if settings.is_production else DevelopmentIssuer(settings, SigningKey.kept_in(folder, "development"))
    ready = partial(_insist_on_readiness, upstreams)
    pages = Pages(settings, keys=[internal_key(settings).public], issuer=issuer, is_ready=ready)
    services = {service: published_key(settings, service) for service in SERVICES}
    services["gateway"] = service_key(settings, "gateway").public
    issuers = trusted(settings, development=issuer.key.public if issuer else None, services=services)
    gateway = door.app = Gateway(
        settings=settings,
        index=index,
        upstreams=upstreams,
        issuers=issuers,
        pages=pages.app(),
        standing=Standing(composer),
        refusals=own.state.a22.refusals,
        revocations=ended,
        lifespans=(*lifespans, own),
    )
    return gateway


async def _insist_on_readiness(upstreams: Mapping[str, Upstream]) -> None:
    for name in DATABASES:
        await upstreams[name].check()


def service_documents(settings: Settings) -> dict[str, dict[str, Any]]:
    """Build the documents of the services and of the gateway's own app, from the code."""
    client, built = httpx.AsyncClient(), {}
    for name in DATABASES:
        wiring = _wiring(name, settings, f"postgresql://nobody@127.0.0.1/{name}", client, Revocations(), composer=None)
        app = own_app.create_app(wiring) if name == "gateway" else _created(name, wiring)
        built[name] = app.openapi()
    return built


def write_documents(folder: Path) -> None:
    """Write every document into a folder: the services' own and the five of the audiences."""
    with tempfile.TemporaryDirectory() as secrets:
        settings = Settings(environment="development", secrets=Path(secrets))
        documents.write_all(folder, service_documents(settings))

"""Builds a service: FastAPI behind the second wall, routes found by the operation index, problems for every error.

The order of decisions is fixed here: caller, audience and scope are judged before FastAPI parses anything.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from starlette.responses import Response

from shared import access, openapi
from shared.access import Operation, OperationIndex
from shared.answers import answer_errors
from shared.db import Database
from shared.errors import Unavailable
from shared.exports.places_at_once import PlacesAtOnce
from shared.heads import HeadFile
from shared.identity import TokenProfile
from shared.imports.sealing import Seal
from shared.inbox import Consumer, Door, Reaction
from shared.jobs import Jobs, Periodic
from shared.journal import OLDEST_QUEUED, Sealer
from shared.operations.carrying_out import Carrier
from shared.operations.forgetting import FORGETTING
from shared.operations.running import Runner
from shared.paging import Cursors
from shared.refusals import Refusals
from shared.revocations.copies import Revocations
from shared.revocations.following import Follower, Source
from shared.routing import Route
from shared.settings import Settings
from shared.wall import Chosen, Wall

#: The framework's own spans would carry queries and texts of errors; ours are in `shared.telemetry`.
_QUIET: TelemetryConfig = {
    "tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False,
}  # fmt: skip


def audience_router(audience: str, resource: str) -> APIRouter:
    """Make the router of one resource for one audience: `/v1/<audience>/<resource>`."""
    return APIRouter(
        prefix=f"/v1/{audience}/{resource}",
        tags=[resource],
        route_class=Route,
        generate_unique_id_function=lambda route: f"{audience}_{route.name}",
    )


@dataclass
class ServiceState:
    """What the routes of one service share: database, table, cursors, settings, and what a service adds."""

    settings: Settings
    database: Database
    table: dict[str, Operation]
    cursors: Cursors
    sealer: Sealer
    extras: dict[str, Any] = field(default_factory=dict)
    consumers: list[Consumer] = field(default_factory=list)
    operations: Mapping[str, Runner] = field(default_factory=dict)
    """Who carries out what takes longer than a request, by kind."""
    jobs: Jobs | None = None
    seal: Seal | None = None
    """For the rows of imports while they wait."""
    refusals: Refusals | None = None
    """Where refused attempts at what is restricted are noted."""
    revocations: Revocations = field(default_factory=Revocations)
    """Whose access has ended: `revocations.judge(caller)` before anything that goes on after the request was judged."""
    following: Follower | None = None
    """Keeps the copy, where this app does it itself."""
    exports: PlacesAtOnce = field(init=False)

    def __post_init__(self) -> None:
        """Share the pool between exports and everything else."""
        self.exports = PlacesAtOnce(self.settings.pool_size)

    async def quiesce(self) -> None:
        """Stop what runs by itself; the routes still answer. Again is harmless."""
        self.sealer.wind_down()
        stopping = [consumer.stop() for consumer in self.consumers]
        ending = [each.stop() for each in (self.jobs, self.refusals) if each]
        await asyncio.gather(*stopping, *ending)
        await self.sealer.stop()


@dataclass(frozen=True)
class Wiring:
    """What the composition root hands to each service: nothing in it is made by the service itself."""

    settings: Settings
    database: Database
    door: Door
    tokens: TokenProfile | None
    cursor_key: bytes
    heads: HeadFile | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)
    revocations: Revocations = field(default_factory=Revocations)
    """The copy of the list of ended access that this process goes by; unconfirmed it lets no token in."""
    follow: Source | None = None
    """Where this app reads the list; None where another app of the process keeps the copy."""


def build_service(
    service: str,
    wiring: Wiring,
    *,
    routers: Iterable[APIRouter],
    access_table: Path,
    feeds: Mapping[str, Mapping[str, Reaction]],
    operations: Mapping[str, Runner] | None = None,
    periodic: Iterable[Periodic] = (),
) -> FastAPI:
    """Build the app of one service on its database; an operation without a row, or a row without one, raises ValueError.

    `feeds` are the events of other services it reacts to, `operations` says who carries out which kind, `periodic` what
    it does by itself.
    """
    database = wiring.database
    state = ServiceState(
        wiring.settings, database, {}, Cursors(wiring.cursor_key), Sealer(database, heads=wiring.heads), dict(wiring.extras),
        [Consumer(database, wiring.door, source, reactions) for source, reactions in feeds.items()], operations or {},
        seal=Seal(wiring.cursor_key), refusals=Refusals(database, wiring.cursor_key), revocations=wiring.revocations,
    )  # fmt: skip
    state.jobs = _jobs(state, service, (*periodic, FORGETTING))
    state.following = Follower(wiring.revocations, wiring.follow, name=service) if wiring.follow else None
    state.table = read_table(access_table, wiring.settings)
    return _built(service, wiring, state, routers)


def _built(service: str, wiring: Wiring, state: ServiceState, routers: Iterable[APIRouter]) -> FastAPI:
    """Build an app behind the wall; the access table learns the routes it stands for."""
    table = state.table
    app = FastAPI(
        title=f"Article 22: {service}",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(state, wiring.door),
        telemetry=_QUIET,
    )
    app.state.a22 = state
    routes = _mounted(app, routers, table, service, wiring.settings)
    app.router.routes.insert(0, Chosen())
    plain = app.openapi
    by_id = {f"{operation.audience}_{operation.operation}": operation for operation in table.values()}
    app.openapi = lambda: openapi.with_conventions(plain(), by_id)  # type: ignore[method-assign]
    answer_errors(app)
    _health(app, state)
    # outermost: nothing of the framework runs before caller, audience and scope are judged
    app.middleware_stack = Wall(
        app.build_middleware_stack(), OperationIndex(table.values()), routes, wiring.tokens, wiring.revocations,
        state.refusals,
    )  # fmt: skip
    return app


def _jobs(state: ServiceState, service: str, periodic: Iterable[Periodic]) -> Jobs:
    by_itself = tuple(periodic)
    runners = {**state.operations, **{each.name: each.run for each in by_itself}}
    carrier = Carrier(state, runners, lambda: state.jobs is not None and state.jobs.is_stopping)
    return Jobs(state.database.url, service, carrier, by_itself if state.settings.periodic_work else ())


def read_table(path: Path, settings: Settings) -> dict[str, Operation]:
    """Read a service's access table as it holds here: operations for development are absent in production."""
    rows = access.read_table(path)
    return {key: row for key, row in rows.items() if not (row.development and settings.is_production)}


def _mounted(
    app: FastAPI, routers: Iterable[APIRouter], table: dict[str, Operation], service: str, settings: Settings
) -> dict[str, APIRoute]:
    routes: dict[str, APIRoute] = {}
    for router in routers:
        audience = router.prefix.split("/")[2]
        for route in router.routes:
            if not isinstance(route, APIRoute):
                raise TypeError(f"{service}: only plain routes are mounted")
            key = f"{audience}.{route.name}"
            if key not in table:
                if settings.is_production:
                    continue
                raise ValueError(f"{service}: {key} has no row in the access table")
            method = next(iter(route.methods or ()))
            table[key] = replace(table[key], method=method, path=route.path_format, service=service)
            routes[key] = route
            app.router.routes.append(route)
    without_route = sorted(set(table) - set(routes))
    if without_route:
        raise ValueError(f"{service}: rows without an operation: {', '.join(without_route)}")
    return routes


def _lifespan(state: ServiceState, door: Door) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(state.database.close)
            stack.push_async_callback(door.close)
            if state.following:
                # before the jobs: they work only while it is known whose access has ended
                state.following.start()
                stack.push_async_callback(state.following.stop)
                await state.following.confirmed(seconds=1)
            stack.push_async_callback(state.quiesce)
            state.sealer.start()
            for consumer in state.consumers:
                consumer.start()
            for each in (state.jobs, state.refusals):
                if each:
                    each.start()
            yield

    return lifespan


async def _insist_on_readiness(state: ServiceState) -> None:
    if state.following and not state.revocations.is_confirmed:
        raise Unavailable("the list of revocations could not be confirmed")
    async with state.database.inside("worker", operation="readyz") as work:
        waiting = await work.connection.fetchval(OLDEST_QUEUED)
    if waiting is not None and waiting > 30:
        raise Unavailable("the journal is not being sealed")


def _health(app: FastAPI, state: ServiceState) -> None:
    async def livez(_request: Request) -> Response:
        return Response(b'{"status":"alive"}', media_type="application/json")

    async def readyz(_request: Request) -> Response:
        await _insist_on_readiness(state)
        return Response(b'{"status":"ready"}', media_type="application/json")

    app.router.add_route("/livez", livez)
    app.router.add_route("/readyz", readyz)


def query_of(request: Request) -> list[tuple[str, str]]:
    """Give the query as pairs."""
    return parse_qsl(request.url.query, keep_blank_values=True)

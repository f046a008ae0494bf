"""The web application: its routes, and what every answer passes on its way out."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, FastAPI
from sqlalchemy import select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import __version__
from app.sync.protocol.terms import VERSION
from hosted.logs import log
from hosted.metrics import Metrics
from hosted.store.engine import For
from hosted.store.tables import Server
from hosted.web import account, computers, errors, files, membership, sync, team
from hosted.web.forms import REFUSALS, HealthAnswer, RefusedAnswer
from hosted.web.security import HEADERS
from hosted.web.services import Services

#: Answered to whoever asks.
_OPEN = frozenset({"/health", "/v1/pair", "/v1/token", "/v1/disconnect"})

TITLE = "PracticeRunner hosted account"


def create_app(services: Services) -> FastAPI:
    """Return the application over ``services``."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # Few threads: more of them only wait for each other at the database.
        anyio.to_thread.current_default_thread_limiter().total_tokens = services.threads
        services.pokes.begin()
        yield
        services.pokes.stop()

    app = FastAPI(
        title=TITLE,
        version=str(VERSION),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.services = services
    errors.install(app)
    app.include_router(_health(services))
    for part in (sync, computers, files, membership, team):
        app.include_router(part.routes(services))
    account.install(app)
    app.add_middleware(Watched, metrics=services.metrics)
    return app


def description(app: FastAPI) -> dict[str, Any]:
    """Return the routes' OpenAPI, which also says what of them needs a device's token.

    Nobody is served it: making it takes longer than all else of a start.
    """
    described = app.openapi()
    bearer = {"type": "http", "scheme": "bearer", "description": "The token of a paired device."}
    described["components"]["securitySchemes"] = {"device": bearer}
    described["components"]["schemas"][RefusedAnswer.__name__] = RefusedAnswer.model_json_schema()
    for path, methods in described["paths"].items():
        for operation in methods.values():
            operation["security"] = [] if path in _OPEN else [{"device": []}]
    return described


def _health(services: Services) -> APIRouter:
    router = APIRouter(tags=["health"], responses={503: REFUSALS[503]})

    @router.get("/health")
    def health() -> HealthAnswer:
        """Tell whether the database answers."""
        with services.database.read(For()) as session:
            session.execute(select(Server.id)).one()
        return HealthAnswer(ok=True, version=__version__, protocol=VERSION)

    return router


class Watched:
    """Adds the security headers to every answer, counts it and logs it; never its content."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._headers = [(name.lower().encode(), said.encode()) for name, said in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        status, sent = 500, 0

        async def watched(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                # A page has a policy of its own.
                own = {name for name, _said in message["headers"]}
                more = [header for header in self._headers if header[0] not in own]
                message["headers"] = [*message["headers"], *more]
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            seconds = time.perf_counter() - begun
            route = _route(scope)
            self._metrics.answered(route, status, seconds)
            log().info(
                "answered",
                method=scope["method"],
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
                bytes_out=sent,
            )


def _route(scope: Scope) -> str:
    """Return the route's own words; of the path only the verb, which is one of a few."""
    route: Any = scope.get("route")
    if route is None:
        return "unknown"
    path: str = route.path
    verb = scope.get("path_params", {}).get("verb")
    return path.replace("{verb}", str(verb)) if verb else path

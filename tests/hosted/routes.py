"""Every route of the server, from the application itself: a new one is met by every test of all."""

from __future__ import annotations

from typing import Any

from fastapi.routing import APIRoute

from hosted.web.app import create_app
from hosted.web.services import Services


def every_route(services: Services) -> tuple[tuple[str, str], ...]:
    """Return method and path of every route, sorted."""
    routes = create_app(services).routes
    return tuple(sorted({pair for route in routes for pair in _of(route)}))


def _of(route: Any) -> list[tuple[str, str]]:
    if isinstance(route, APIRoute):
        return [(method, route.path) for method in route.methods or ()]
    included = getattr(route, "original_router", None)
    inner = included.routes if included is not None else getattr(route, "routes", [])
    return [pair for each in inner for pair in _of(each)]

"""Figures for whoever runs the server, on a port of this machine alone."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """Counts of requests, operations and rows; names of routes and verbs are all they tell."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "hosted_requests", "Answered requests", ["route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "hosted_request_seconds",
            "Time from the request's head to the end of the answer",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.listeners = Gauge(
            "hosted_poke_listeners", "Devices that wait for a poke", registry=self.registry
        )

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def serve(self, port: int) -> _Served:
        """Offer the figures on a loopback port until ``stop``."""
        server, thread = start_http_server(port, addr="127.0.0.1", registry=self.registry)
        return _Served(server, thread)


class _Served:
    """The metrics' own little server."""

    def __init__(self, server: object, thread: object) -> None:
        self._server, self._thread = server, thread

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_port)  # type: ignore[attr-defined]

    def stop(self) -> None:
        """Stop it and wait until it has."""
        self._server.shutdown()  # type: ignore[attr-defined]
        self._server.server_close()  # type: ignore[attr-defined]
        self._thread.join()  # type: ignore[attr-defined]

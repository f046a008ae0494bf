"""Stands between a computer and the real account, and lets requests hang or break."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from http.server import BaseHTTPRequestHandler

import httpx2

from tests.hosted.web.conftest import UNASKED, Site
from tests.sync.serving import reply, serving

_PATIENCE = 20.0
_PASSED = ("authorization", "content-type", "content-encoding")


class Hanging(StrEnum):
    """How an answer never comes to its end."""

    SILENT = "silent"
    DRIPPING = "dripping"
    """A byte now and then, so that the connection never times out."""


class Breaks(StrEnum):
    """Where the way to the account breaks."""

    BEFORE = "before"
    """What is asked does not reach the account."""
    AFTER = "after"
    """The account does what is asked, and its answer is lost."""


class Relay:
    """Passes every request on; while ``hanging`` is set, those that come are held instead.

    ``breaks`` says by path where the way breaks; an empty path stands for every one.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._client = httpx2.Client(base_url=site.address, timeout=_PATIENCE, verify=UNASKED)
        self._let_go = threading.Event()
        self._changed = threading.Condition()
        self.address = ""
        self.held = 0
        """How many requests were held so far."""
        self.hanging: Hanging | None = None
        self.breaks: dict[str, Breaks] = {}
        self.asked: list[str] = []
        """The paths that were asked for, in their order."""

    def __call__(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer one request."""
        self.asked.append(handler.path)
        breaks = self.breaks.get(handler.path, self.breaks.get(""))
        if handler.path == "/v1/poke":
            reply(handler, b"{}", status=404)
        elif breaks is not None:
            if breaks is Breaks.AFTER:
                self._ask(handler, body)
            handler.close_connection = True
        elif self.hanging is None:
            self._pass(handler, body)
        else:
            self._hold(handler, self.hanging)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until ``holds``, which a held request makes true."""
        with self._changed:
            assert self._changed.wait_for(holds, _PATIENCE), self.held

    def close(self) -> None:
        """Let go of what is held."""
        self._let_go.set()
        self._client.close()

    def _pass(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        answer = self._ask(handler, body)
        kind = answer.headers["content-type"]
        reply(handler, answer.content, status=answer.status_code, kind=kind)

    def _ask(self, handler: BaseHTTPRequestHandler, body: bytes) -> httpx2.Response:
        headers = {name: handler.headers[name] for name in _PASSED if name in handler.headers}
        headers["accept-encoding"] = "identity"
        return self._client.request(handler.command, handler.path, content=body, headers=headers)

    def _hold(self, handler: BaseHTTPRequestHandler, how: Hanging) -> None:
        with self._changed:
            self.held += 1
            self._changed.notify_all()
        if how is Hanging.DRIPPING:
            handler.send_response(200)
            handler.send_header("content-type", "application/json")
            handler.send_header("content-length", "500000")
            handler.end_headers()
        while not self._let_go.wait(0.02):
            if how is Hanging.DRIPPING:
                handler.wfile.write(b" ")
        handler.close_connection = True


@contextmanager
def relaying(site: Site) -> Iterator[Relay]:
    """Stand before ``site``."""
    relay = Relay(site)
    with serving(relay) as address:
        relay.address = address
        try:
            yield relay
        finally:
            relay.close()

"""Guards of every route: headers, sizes, the token, and how often a code may be tried."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from fastapi import Request

from app.sync import wire
from app.sync.protocol.terms import UNPACKED_BYTES, Refusal
from app.sync.wire import Malformed
from hosted.web.errors import Turned

#: The most bytes of a request as it travels; one change set may be large, a page never is.
MOST_BYTES = 16 * 1024 * 1024
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


async def raw_body(request: Request, most: int = MOST_BYTES) -> bytes:
    """Return the body, never more than ``most`` bytes of it."""
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > most:
        raise Turned(Refusal.TOO_LARGE)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Turned(Refusal.TOO_LARGE)
    return bytes(body)


def unpacked(request: Request, body: bytes) -> bytes:
    """Return the body as JSON text, whatever it was compressed with."""
    try:
        return wire.unpack(body, request.headers.get("content-encoding", ""), most=UNPACKED_BYTES)
    except Malformed:
        raise Turned(Refusal.MALFORMED) from None


def token_of(request: Request) -> str:
    """Return the token that a request bears; a request without one is turned away."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.isascii() or not 0 < len(token) <= 200:
        raise Turned(Refusal.UNKNOWN_DEVICE)
    return token


class Attempts:
    """Counts tries by their origin, so that codes cannot be guessed."""

    def __init__(
        self, most: int, seconds: float, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._timer = timer
        self._tries: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def count(self, origin: str) -> None:
        """Count a try; one too many is turned away."""
        now = self._timer()
        with self._lock:
            for known in [*self._tries]:
                tries = self._tries[known]
                while tries and tries[0] <= now - self._seconds:
                    tries.popleft()
                if not tries:
                    del self._tries[known]
            tries = self._tries.setdefault(origin, deque())
            if len(tries) >= self._most:
                raise Turned("too_many")
            tries.append(now)

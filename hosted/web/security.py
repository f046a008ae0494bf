"""Guards of every route: headers, sizes and the token."""

from __future__ import annotations

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

"""Listens on this computer's own address until the browser comes back (RFC 8252, section 7.3).

Whoever else asks, with another path, name or state, is answered and changes nothing: a page in the
same browser can neither end a sign-in nor bring a code of its own.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.core.kernel.errors import MachineError
from app.sync.account.page import page, policy

HOST, PATH = "127.0.0.1", "/back"
#: Seconds that a connection may say nothing, and between two looks whether it is over.
_SILENCE, _LOOK = 5.0, 0.2
_NO_PORT = (
    "This computer lets no program listen on its own address: connect with a one-time code instead."
)
_DONE = ("You can close this window", "PracticeRunner goes on by itself on this computer.")
_DENIED = ("Nothing was connected", "You can close this window and go back to PracticeRunner.")
_ANOTHER = (
    "This sign-in is over",
    "Go back to PracticeRunner on your computer and choose Sign in with your browser once more.",
)
_NOTHING = ("Nothing lies here", "You can close this window.")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Where it is on, another program may take over the port on Windows.
    allow_reuse_address = False

    def __init__(self, back: Callable[[Mapping[str, str]], tuple[int, tuple[str, str]]]) -> None:
        super().__init__((HOST, 0), _Handler)
        self.back = back

    def handle_error(self, *_: Any) -> None:
        """A browser that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SILENCE

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        # Under another name this address can be reached from a page that is not the account's.
        ours = self.headers.get("host") == f"{HOST}:{self.server.server_address[1]}"
        if not ours or parts.path != PATH:
            self._answer(404, _NOTHING)
            return
        try:
            found = parse_qs(parts.query, max_num_fields=16)
        except ValueError:
            found = {}
        self._answer(*self.server.back({name: said[0] for name, said in found.items()}))

    def _answer(self, status: int, words: tuple[str, str]) -> None:
        body = page(*words)
        self.send_response(status)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", policy()),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        return "PracticeRunner"

    def log_message(self, *_: Any) -> None:
        """Say nothing: the address holds a code."""


class Loopback:
    """One port of this computer's, open until an answer with the right state came."""

    def __init__(self) -> None:
        try:
            self._server = _Server(self._back)
        except OSError:
            raise MachineError(_NO_PORT) from None
        self.redirect = f"http://{HOST}:{self._server.server_address[1]}{PATH}"
        self._state = ""
        self._heard: Callable[[Mapping[str, str]], None] = lambda _said: None
        self._taking = threading.Lock()
        self._taken = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_LOOK,), name="sign-in", daemon=True
        )

    def start(self, state: str, heard: Callable[[Mapping[str, str]], None]) -> None:
        """Wait for an answer with ``state``; ``heard`` is told once what it said, on a thread."""
        self._state, self._heard = state, heard
        self._thread.start()

    def close(self) -> None:
        """Listen no longer; a second time is nothing."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def _back(self, said: Mapping[str, str]) -> tuple[int, tuple[str, str]]:
        if not self._state or not hmac.compare_digest(
            said.get("state", "").encode(), self._state.encode()
        ):
            return 400, _ANOTHER
        with self._taking:
            first, self._taken = not self._taken, True
        if first:
            self._heard(said)
        return 200, _DONE if "code" in said else _DENIED

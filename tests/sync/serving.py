"""Servers on real sockets: the real exchange behind plain HTTP, and all that can answer wrongly."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.sync import wire
from app.sync.protocol.terms import UNPACKED_BYTES, Verb
from tests.sync.worlds import Direct

Answers = Callable[[BaseHTTPRequestHandler, bytes], None]


@contextmanager
def serving(answers: Answers, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve ``answers`` to every request; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            answers(self, body)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A client that hangs up is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    scheme = "http" if context is None else "https"
    try:
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def reply(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    *,
    status: int = 200,
    kind: str = "application/json",
    **headers: str,
) -> None:
    """Send one whole answer."""
    handler.send_response(status)
    handler.send_header("content-type", kind)
    handler.send_header("content-length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def exchange(direct: Direct) -> Answers:
    """Answer as the real server does."""

    def answers(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        verb = Verb(handler.path.rpartition("/")[2])
        encoding = handler.headers.get("content-encoding", "")
        said = wire.unpack(body, encoding, most=UNPACKED_BYTES)
        answer, _ = direct.hosted.exchange.answer(direct.caller, verb, said)
        reply(handler, wire.pack(answer), content_encoding="zstd")

    return answers

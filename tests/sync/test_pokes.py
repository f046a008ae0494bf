"""The stream of pokes: begun anew soon after it was cut, and never in a hurry when refused."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

from app.sync.http import HttpTransport
from app.sync.pokes import Pokes
from tests.sync.serving import reply, serving

SOON = 20.0


class Streams:
    """A server that counts how often the stream was begun, and ends it each time."""

    def __init__(self, answers: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self._answers = answers
        self._changed = threading.Condition()
        self.begun: list[float] = []

    def __call__(self, handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        """Answer once."""
        with self._changed:
            self.begun.append(time.monotonic())
            self._changed.notify_all()
        self._answers(handler)

    def until(self, count: int) -> float:
        """Wait until it was begun so often; return the seconds between first and last."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.begun) >= count, SOON), self.begun
            return self.begun[count - 1] - self.begun[0]


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.end_headers()
    handler.wfile.write(b'data: {"head": 1}\n\n')
    handler.close_connection = True


def portal(handler: BaseHTTPRequestHandler) -> None:
    reply(handler, b"<h1>Welcome</h1>", kind="text/html")


def listening(streams: Streams, count: int) -> tuple[float, int]:
    """Hold the stream until it was begun ``count`` times; return the seconds, and the pokes."""
    heard: list[int] = []
    with serving(streams) as address:
        http = HttpTransport(address)
        pokes = Pokes(http, lambda: heard.append(1), lambda: 0.0)
        pokes.start()
        took = streams.until(count)
        http.cut_off()
        pokes.stop()
        http.close()
    return took, len(heard)


def test_a_stream_that_was_cut_is_begun_anew_at_once() -> None:
    took, heard = listening(Streams(cut), 4)
    assert took < 5, "half a second each"
    assert heard >= 3


def test_a_page_in_the_streams_place_is_asked_less_and_less() -> None:
    took, heard = listening(Streams(portal), 4)
    assert took > 3, "a half, one, two seconds"
    assert heard == 0

"""The fault proxy does each fault, and nothing while the network is good."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import httpx2
import pytest

from tests.hosted.web.conftest import UNASKED
from tests.proofs.proxy import Fault, FaultProxy
from tests.sync.serving import reply, serving

BODY = b'{"said": "' + b"so it went on " * 200 + b'"}'
SOON = 20.0


class Echo:
    """A server that says back what it was told, and counts how often."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.heard = 0

    def __call__(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer one request."""
        if handler.path == "/stream":
            self._stream(handler)
        else:
            reply(handler, body)
        with self._changed:
            self.heard += 1
            self._changed.notify_all()

    def until(self, heard: int) -> None:
        """Wait until it was told something so often."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.heard >= heard, SOON)

    def _stream(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        for number in range(12):
            event = b"data: %d\n\n" % number
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
        handler.wfile.write(b"0\r\n\r\n")


@contextmanager
def through(*faults: Fault, seed: int = 1) -> Iterator[tuple[httpx2.Client, Echo, FaultProxy]]:
    """Yield a client that asks an echo through a proxy which does nothing but ``faults``."""
    echo = Echo()
    with serving(echo) as address:
        port = int(address.rpartition(":")[2])
        with FaultProxy(port, seed, rate=1.0, faults=faults, faulty=bool(faults)) as proxy:
            with httpx2.Client(base_url=proxy.address, timeout=SOON, verify=UNASKED) as client:
                yield client, echo, proxy
            assert proxy.bugs == []


def test_a_good_network_changes_nothing() -> None:
    with through() as (client, echo, proxy):
        for _ in range(3):
            answer = client.post("/", content=BODY)
            assert (answer.status_code, answer.content) == (200, BODY)
        assert client.get("/stream").text.count("data:") == 12
        echo.until(4)
        assert echo.heard == 4
        assert not proxy.met


@pytest.mark.parametrize("fault", [Fault.CUT_REQUEST, Fault.CUT_ANSWER])
def test_a_connection_is_cut(fault: Fault) -> None:
    with through(fault) as (client, _echo, proxy):
        with pytest.raises((httpx2.NetworkError, httpx2.RemoteProtocolError)):
            client.post("/", content=BODY)
        assert set(proxy.met) == {fault}


def test_a_cut_request_never_arrives_whole() -> None:
    with through(Fault.CUT_REQUEST) as (client, echo, proxy):
        with pytest.raises((httpx2.NetworkError, httpx2.RemoteProtocolError)):
            client.post("/", content=BODY)
        proxy.faulty = False
        assert client.post("/", content=BODY).content == BODY
        # The echo counts after it has answered.
        echo.until(1)
        assert echo.heard == 1


def test_half_an_answer_looks_whole() -> None:
    with through(Fault.TRUNCATE) as (client, _echo, _proxy):
        answer = client.post("/", content=BODY)
        assert answer.status_code == 200
        assert len(answer.content) < len(BODY)
        assert BODY.startswith(answer.content)


def test_the_server_hears_a_request_twice() -> None:
    with through(Fault.DUPLICATE) as (client, echo, _proxy):
        for turn in range(1, 5):
            assert client.post("/", content=BODY).content == BODY
            echo.until(2 * turn)


def test_a_delay_is_only_a_delay() -> None:
    with through(Fault.DELAY) as (client, _echo, _proxy):
        assert client.post("/", content=BODY).content == BODY


def test_an_idle_connection_is_reset() -> None:
    with through(Fault.IDLE_RESET) as (client, _echo, _proxy):
        assert client.post("/", content=BODY).content == BODY
        reused = 0
        for _ in range(8):
            try:
                assert client.post("/", content=BODY).content == BODY
            except (httpx2.NetworkError, httpx2.RemoteProtocolError):
                reused += 1
        assert reused


def test_a_gateway_answers_with_html() -> None:
    with through(Fault.BAD_GATEWAY) as (client, echo, _proxy):
        answer = client.post("/", content=BODY)
        assert answer.status_code == 502
        assert answer.headers["content-type"] == "text/html"
        assert echo.heard == 0


def test_a_captive_portal_answers_everything() -> None:
    with through(Fault.PORTAL) as (client, echo, _proxy):
        statuses = {client.post("/", content=BODY).status_code for _ in range(20)}
        assert statuses == {200, 302}
        assert echo.heard == 0


@pytest.mark.parametrize("fault", [Fault.CUT_ANSWER, Fault.TRUNCATE, Fault.IDLE_RESET])
def test_a_stream_of_events_ends_early(fault: Fault) -> None:
    with through(fault) as (client, _echo, _proxy):
        heard = ""
        try:
            with client.stream("GET", "/stream") as answer:
                for part in answer.iter_text():
                    heard += part
        except (httpx2.NetworkError, httpx2.RemoteProtocolError):
            assert fault is not Fault.TRUNCATE
        assert heard.count("data:") < 12


def test_an_event_is_heard_twice() -> None:
    with through(Fault.DUPLICATE) as (client, _echo, _proxy):
        assert client.get("/stream").text.count("data:") > 12

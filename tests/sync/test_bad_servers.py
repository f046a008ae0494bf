"""Whatever answers in the server's place: nothing is harmed, and the words say what is wrong."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import trustme
import zstandard

from app.core.kernel.clock import wall_time
from app.core.kernel.phrases import time_words
from app.core.kernel.syncing import SyncState, sync_words
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.sync import wire
from app.sync.engine import Did
from app.sync.http import HttpTransport
from app.sync.outbox import OpState
from app.sync.protocol.messages import Page, Pushed, Welcome
from app.sync.protocol.terms import Refusal, Verb
from app.sync.words import NOT_TAKEN, SENTENCES
from tests.sync.serving import Answers, exchange, reply, serving
from tests.sync.worlds import Desktop, assert_same, settle

WALTER = PersonName(given="Walter", family="Strand")


def html(status: int = 200) -> Answers:
    page = b"<html><body>Welcome to the airport. Please accept our terms.</body></html>"
    return lambda handler, _body: reply(handler, page, status=status, kind="text/html")


def redirect(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
    reply(handler, b"", status=302, kind="text/html", location="http://127.0.0.1:9/login")


def nothing(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
    reply(handler, b"")


def half(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"version":1,"now_ms"')
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def half_json(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
    reply(handler, b'{"version":1,"now_ms":17')


@cache
def packed_bomb() -> bytes:
    """A few kilobytes that unpack to 200 MiB; made once, so that no answer waits for it."""
    return zstandard.ZstdCompressor(level=1).compress(b"0" * (200 * 1024 * 1024))


def bomb(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
    reply(handler, packed_bomb(), content_encoding="zstd")


def noise(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
    reply(handler, b"\x28\xb5\x2f\xfd" + bytes(range(256)), content_encoding="zstd")


def other_json(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
    reply(handler, b'{"status":"ok","users":[]}')


def of_a_proxy(status: int) -> Answers:
    """Answer as what stands between does, in JSON like ours."""
    return lambda handler, _body: reply(handler, b'{"error":"not allowed here"}', status=status)


def error(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
    reply(handler, b"<h1>Bad gateway</h1>", status=502, kind="text/html")


def busy(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
    reply(handler, b'{"refused":"busy","detail":""}', status=503)


@pytest.fixture
def working(office: Desktop) -> Desktop:
    """A computer in sync, with one change that waits."""
    office.desk.do(add_client, NewClient(WALTER))
    return office


@contextmanager
def through(desktop: Desktop, address: str, **how: Any) -> Iterator[HttpTransport]:
    """Let a computer ask over HTTP."""
    http = HttpTransport(address, "token", read=2.0, **how)
    desktop.engine = type(desktop.engine)(desktop.file, http, desktop.clock, program="test")
    try:
        yield http
    finally:
        http.close()


BAD: dict[str, tuple[Answers, str]] = {
    "a web page": (html(), "not_our_server"),
    "a captive portal that redirects": (redirect, "not_our_server"),
    "a captive portal's own status": (html(511), "not_our_server"),
    "a proxy that lets nobody through": (of_a_proxy(403), "not_our_server"),
    "a proxy that wants a password": (of_a_proxy(401), "not_our_server"),
    "a proxy that wants another protocol": (of_a_proxy(426), "not_our_server"),
    "a balancer without a server": (of_a_proxy(503), "server_error"),
    "nothing": (nothing, "broken"),
    "half a page, cut off": (half, "broken"),
    "half a page, whole": (half_json, "broken"),
    "a decompression bomb": (bomb, "broken"),
    "noise": (noise, "broken"),
    "another service": (other_json, "broken"),
    "a gateway's error": (error, "server_error"),
    "a busy server": (busy, "busy"),
    "a gateway that is asked too often": (of_a_proxy(429), "busy"),
}


@pytest.mark.parametrize("named", BAD)
def test_no_bad_answer_harms_anything(working: Desktop, named: str) -> None:
    answers, kind = BAD[named]
    before, waiting = working.rows(), working.waiting()
    packed_bomb()
    with serving(answers) as address, through(working, address):
        assert working.sync(rounds=2) is Did.FAILED
        now = working.status()
    assert now.state is SyncState.OFFLINE
    assert now.trouble == SENTENCES[kind]
    assert working.rows() == before
    assert working.waiting() == waiting
    working.restart()
    assert working.sync() is Did.QUIET
    assert working.status().state is SyncState.SYNCED


@pytest.mark.parametrize("verb", [Verb.PULL, Verb.PUSH])
def test_a_server_that_fails_half_way_loses_nothing(working: Desktop, verb: Verb) -> None:
    good = exchange(working.transport)

    def answers(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        (half if handler.path.endswith(verb) else good)(handler, body)

    before = working.rows()
    with serving(answers) as address, through(working, address):
        assert working.sync(rounds=2) is Did.FAILED
    assert working.rows() == before
    working.restart()
    assert working.sync() is Did.QUIET
    assert working.waiting() == []


def test_an_hour_of_errors_is_said_with_its_beginning_and_harms_nothing(working: Desktop) -> None:
    before, waiting = working.rows(), working.waiting()
    began = working.clock.now()
    with serving(error) as address, through(working, address):
        for _minute in range(60):
            assert working.sync(rounds=1) is Did.FAILED
            working.clock.forward(minutes=1)
        now = working.status()
    assert (now.state, now.trouble) == (SyncState.OFFLINE, SENTENCES["server_error"])
    assert (now.offline_since, now.waiting) == (began, 1)
    words = sync_words(now, working.clock.now(), "America/Los_Angeles")
    assert (
        words == f"Offline since {time_words(wall_time(began, 'America/Los_Angeles'))}, 1 waiting"
    )
    assert working.rows() == before
    assert len(working.waiting()) == len(waiting)
    working.restart()
    assert working.sync() is Did.QUIET
    assert working.status().state is SyncState.SYNCED


def test_a_reset_of_a_connection_that_lay_idle_is_no_trouble(working: Desktop) -> None:
    good, resets = exchange(working.transport), list[str]()

    def answers(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        if handler.connection in answered:
            resets.append(handler.path)
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
            return
        answered.add(handler.connection)
        good(handler, body)

    answered: set[socket.socket] = set()
    with serving(answers) as address, through(working, address):
        assert working.engine.run() is Did.QUIET
        assert working.engine.session.last_trouble is None
    assert len(resets) > 2


def test_over_real_http_all_is_well(working: Desktop, laptop: Desktop) -> None:
    with serving(exchange(working.transport)) as address, through(working, address):
        assert working.sync() is Did.QUIET
        assert working.status().state is SyncState.SYNCED
    settle(laptop)
    assert_same(working, laptop)


def context_of(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.mark.parametrize("wrong", ["stranger", "other name"])
def test_a_wrong_certificate_is_refused(working: Desktop, wrong: str) -> None:
    ours, theirs = trustme.CA(), trustme.CA()
    signer = theirs if wrong == "stranger" else ours
    name = "127.0.0.1" if wrong == "stranger" else "elsewhere.example"
    trusting = ssl.create_default_context()
    ours.configure_trust(trusting)
    good = exchange(working.transport)
    bad, fine = context_of(signer, name), context_of(ours, "127.0.0.1")
    with serving(good, bad) as address, through(working, address, context=trusting):
        assert working.sync(rounds=1) is Did.FAILED
        assert working.status().trouble == SENTENCES["certificate"]
    with serving(good, fine) as address, through(working, address, context=trusting):
        assert working.sync() is Did.QUIET


def test_no_server_at_all_is_offline(working: Desktop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with through(working, f"http://127.0.0.1:{port}"):
        assert working.sync(rounds=1) is Did.FAILED
        assert working.status().trouble == SENTENCES["offline"]


def test_a_server_that_hangs_is_given_up(working: Desktop) -> None:
    done = threading.Event()

    def answers(_handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        done.wait(10)

    with serving(answers) as address:
        with through(working, address):
            assert working.sync(rounds=1) is Did.FAILED
            assert working.status().trouble == SENTENCES["timeout"]
        done.set()


# What a server of ours might say wrongly, or of another practice


def test_a_cursor_of_another_practice_is_not_used(office: Desktop, laptop: Desktop) -> None:
    before = office.rows()
    office.file.slice(
        lambda part: part.connection.execute("UPDATE sync_link SET cursor = 'of-another-practice'")
    )
    office.restart()
    assert office.sync() is Did.QUIET
    assert office.rows() == before
    settle(office, laptop)
    assert_same(office, laptop)


@pytest.mark.parametrize(
    "code", [Refusal.REVOKED, Refusal.UNKNOWN_DEVICE, Refusal.UPGRADE_REQUIRED]
)
def test_a_lasting_refusal_is_said_and_asks_nothing_more(working: Desktop, code: Refusal) -> None:
    """Also what a replayed, old token gets."""
    before = working.rows()

    def answers(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        status = {Refusal.REVOKED: 403, Refusal.UNKNOWN_DEVICE: 401}.get(code, 426)
        reply(handler, wire.write({"refused": code, "detail": ""}), status=status)

    with serving(answers) as address, through(working, address):
        assert working.sync(rounds=2) is Did.REFUSED
        now = working.status()
    wanted = SyncState.UPDATE if code is Refusal.UPGRADE_REQUIRED else SyncState.SIGN_IN
    # A revoked computer whose unsent work is refused as well is told so.
    words = NOT_TAKEN if code is Refusal.REVOKED else SENTENCES[code]
    assert (now.state, now.trouble) == (wanted, words)
    assert working.rows() == before
    assert set(working.waiting()) == {OpState.QUEUED}


def bent_page(change: dict[str, Any]) -> Any:
    def bend(page: Page) -> Page:
        said = {**page.to_json(), **change}
        return Page.read(said)

    return bend


@pytest.mark.parametrize(
    "change",
    [
        {"cursor": ""},
        {"seq": 0},
        {"head": 1},
        {"entries": [[1, "0" * 32, "0" * 32, "0" * 32, "client", "1" * 32, 0, {}]]},
    ],
)
def test_a_page_that_cannot_follow_is_not_applied(
    office: Desktop, laptop: Desktop, change: dict[str, Any]
) -> None:
    laptop.desk.do(add_client, NewClient(WALTER))
    settle(laptop)
    before = office.rows()

    def tap(verb: Verb, message: Any) -> Any:
        if verb is not Verb.PULL:
            return None
        office.transport.tap = None
        try:
            return bent_page(change)(office.transport.ask(verb, message))
        finally:
            office.transport.tap = tap

    office.transport.tap = tap
    assert office.sync(rounds=1) is Did.FAILED
    assert office.rows() == before
    assert office.status().trouble == SENTENCES["broken"]
    office.transport.tap = None
    settle(office)
    assert_same(office, laptop)


def test_a_newer_protocol_than_asked_for_is_refused(office: Desktop) -> None:
    def tap(verb: Verb, message: Any) -> Any:
        return Welcome(99, 1, "epoch", 0, 0, 0) if verb is Verb.HELLO else None

    office.restart()
    office.transport.tap = tap
    assert office.sync(rounds=1) is Did.FAILED
    assert office.status().trouble == SENTENCES["other_version"]


def test_answers_to_what_was_never_asked_change_nothing(working: Desktop) -> None:
    def tap(verb: Verb, message: Any) -> Any:
        return Pushed((), 10_000) if verb is Verb.PUSH else None

    working.transport.tap = tap
    assert working.sync(rounds=2) is Did.FAILED
    assert set(working.waiting()) == {OpState.SENT}
    working.transport.tap = None
    assert working.sync() is Did.QUIET
    assert working.waiting() == []


def test_a_head_that_is_not_there_is_not_chased(office: Desktop, laptop: Desktop) -> None:
    def tap(verb: Verb, message: Any) -> Any:
        if verb is not Verb.HELLO:
            return None
        office.transport.tap = None
        welcome = office.transport.ask(verb, message)
        return Welcome.read({**welcome.to_json(), "head": 10_000})

    office.restart()
    office.transport.tap = tap
    assert office.engine.run(200) is Did.QUIET

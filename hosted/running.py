"""One server process, from its start to its last answer."""

from __future__ import annotations

import gc
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType
from uuid import UUID

import uvicorn
from filelock import FileLock, Timeout

from app.core.kernel.clock import Clock
from hosted import logs
from hosted.account.commands import sweeping
from hosted.clock import clock_of
from hosted.mark import Mark
from hosted.membership.keys import open_ring
from hosted.post.carriers import Carrier, Folder, Smtp, Writer
from hosted.post.postman import Postman
from hosted.seal import open_seal
from hosted.settings import Settings
from hosted.store.engine import Database, open_database
from hosted.store.migrate import upgrade
from hosted.sync.register import open_register
from hosted.team.commands import sweeping as forgetting
from hosted.web.app import create_app
from hosted.web.pokes import Pokes
from hosted.web.services import Services, put_together

#: Seconds that requests under way are given at a stop.
_GRACE = 10
#: New objects before the youngest are looked through, and how many such rounds before the older.
_COLLECT = (50_000, 20, 20)
_STOP = (signal.SIGINT, signal.SIGTERM)


class AlreadyRunning(Exception):
    """Another server holds the data folder."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A server that is about to listen."""

    services: Services
    server: uvicorn.Server
    listening: socket.socket
    address: str


class _Server(uvicorn.Server):
    """Ends the streams of pokes first: they would hold up a stop for ever."""

    def __init__(self, config: uvicorn.Config, pokes: Pokes) -> None:
        super().__init__(config)
        self._pokes = pokes

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at Ctrl-C and at a request to terminate.

        uvicorn's own would raise the signal again afterwards, and the process would end before
        anything that was opened here is closed.
        """
        known = {each: signal.signal(each, self.handle_exit) for each in _STOP}
        try:
            yield
        finally:
            for each, handler in known.items():
                signal.signal(each, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        self._pokes.stop()
        super().handle_exit(sig, frame)


@contextmanager
def opened(settings: Settings, clock: Clock | None = None) -> Iterator[Database]:
    """Open the database, up to date; one server a data folder."""
    settings.data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.data / "server.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise AlreadyRunning(
            f"Another server is running on {settings.data}: stop it, or use another --data-dir."
        ) from None
    with lock:
        database = open_database(settings.database)
        try:
            upgrade(database, (clock or clock_of(settings)).now())
            yield database
        finally:
            database.close()
            lock.release()


@contextmanager
def beside(settings: Settings, clock: Clock) -> Iterator[Database]:
    """Open the database, also while its server runs, which then has brought it up to date."""
    with ExitStack() as stack:
        try:
            database = stack.enter_context(opened(settings, clock))
        except AlreadyRunning:
            database = open_database(settings.database)
            stack.callback(database.close)
        yield database


@contextmanager
def ready(settings: Settings, clock: Clock | None = None) -> Iterator[Ready]:
    """Put a server together; it listens from ``server.run`` on, until it is told to stop."""
    logs.set_up()
    now = clock or clock_of(settings)
    with ExitStack() as stack:
        database = stack.enter_context(opened(settings, now))
        mark = Mark(settings.data / "mark.json", database)
        if mark.settle(now.now()):
            logs.log().warning("new epoch")
        services = put_together(
            database,
            settings.blobs,
            now,
            threads=settings.threads,
            register=open_register(settings.register),
            seal=open_seal(settings.seal),
            ring=open_ring(settings.keys, now.now(), public=bool(settings.public_url)),
            public_url=settings.public_url,
            support=settings.support or settings.sender,
        )
        postman = Postman(services.post, carrier(settings, now), lambda: _sweep(services))
        postman.start()
        stack.callback(postman.stop)
        services.exchange.on_push(mark.pushed)
        stack.callback(mark.write)
        if settings.metrics_port:
            stack.callback(services.metrics.serve(settings.metrics_port).stop)
        listening = stack.enter_context(_listen(settings.host, settings.port))
        port = listening.getsockname()[1]
        config = uvicorn.Config(
            create_app(services),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
            timeout_keep_alive=75,
        )
        server = _Server(config, services.pokes)
        yield Ready(services, server, listening, f"http://{settings.host}:{port}")


def _sweep(services: Services) -> None:
    sweeping.sweep(services.account)
    forgetting.sweep(services.team)


def collect_seldom() -> None:
    """Let the collector of cycles leave alone what is there, and look at the rest less often.

    For a process that only serves. A push makes tens of thousands of objects, none of which is
    part of a cycle; looking through them again and again took about a tenth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)


def carrier(settings: Settings, clock: Clock) -> Carrier:
    """Return who carries this server's letters."""
    writer = Writer(settings.sender, clock)
    if settings.smtp:
        return Smtp(settings.smtp, writer)
    return Folder(settings.letters, writer)


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket that says it speaks TCP.

    One that ``socket.create_server`` makes does not, asyncio then leaves Nagle's algorithm on,
    and every answer waits 40 ms for the client's delayed acknowledgement.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(address)
    listening.listen(256)
    return listening


def pairing_words(code: str) -> str:
    """Return a code as it is read aloud: in two halves."""
    return f"{code[:4]}-{code[4:]}"


def practice_of(text: str) -> UUID:
    """Return a practice's id as it was typed; raises ``ValueError``."""
    return UUID(hex=text.strip().replace("-", ""))
